/** Headers of every answer. It is for one connection of one user: nothing may cache it or run it as a script. */
const safeHeaders = {
  "content-type": "application/json",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
};

/** Returns an answer with a JSON body. */
export function answerJson(status: number, body: object, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { ...safeHeaders, ...headers } });
}

/** Returns a refusal with its reason. */
export function refuse(status: number, error: string, headers: Readonly<Record<string, string>> = {}): Response {
  return answerJson(status, { error }, headers);
}

/** Answers a preflight request, with which browsers ask whether a page of another origin may send custom headers. */
export function answerPreflight(request: Request, headers: Readonly<Record<string, string>>): Response {
  const requested = request.headers.get("access-control-request-headers");
  return new Response(null, {
    status: 204,
    headers: {
      ...headers,
      "access-control-allow-methods": "POST",
      ...(requested === null ? {} : { "access-control-allow-headers": requested }),
      "cache-control": "no-store",
    },
  });
}
