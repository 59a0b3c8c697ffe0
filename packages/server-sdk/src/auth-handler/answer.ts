/** Headers of every answer: it is for one connection of one user, so nothing may keep it or take it for a script. */
const safeHeaders = {
  "content-type": "application/json",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
};

/** Answers with JSON. */
export function answerJson(status: number, body: object, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { ...safeHeaders, ...headers } });
}

/** Refuses with the reason. */
export function refuse(status: number, error: string, headers: Readonly<Record<string, string>> = {}): Response {
  return answerJson(status, { error }, headers);
}

/** Answers what a browser asks before it lets a page of another origin ask with headers of its own. */
export function answerPreflight(request: Request, headers: Readonly<Record<string, string>>): Response {
  const wanted = request.headers.get("access-control-request-headers");
  return new Response(null, {
    status: 204,
    headers: {
      ...headers,
      "access-control-allow-methods": "POST",
      ...(wanted === null ? {} : { "access-control-allow-headers": wanted }),
      "cache-control": "no-store",
    },
  });
}
