/** Origins that may ask besides the endpoint's own; `"any"`: all, without cookies. */
export type AllowedOrigins = readonly string[] | "any";

/** Whether the page that asks may, and the headers that let it read the answer. */
export type OriginCheck =
  | { readonly allowed: true; readonly headers: Readonly<Record<string, string>> }
  | { readonly allowed: false; readonly found: string };

/**
 * Checks which page a browser asks for. A page of another site could otherwise ask with the user's cookies. Browsers send
 * `Origin` with every POST; what sends none is no browser, or says with `Sec-Fetch-Site` where the page is from.
 */
export function checkOrigin(request: Request, origins: AllowedOrigins): OriginCheck {
  if (origins === "any") return { allowed: true, headers: { "access-control-allow-origin": "*" } };
  const origin = request.headers.get("origin");
  if (origin === null) {
    const site = request.headers.get("sec-fetch-site") ?? "none";
    return site === "none" || site === "same-origin" ? { allowed: true, headers: {} } : { allowed: false, found: site };
  }
  if (isOwnOrigin(request, origin)) return { allowed: true, headers: {} };
  if (!origins.includes(origin)) return { allowed: false, found: origin };
  return {
    allowed: true,
    headers: {
      "access-control-allow-origin": origin,
      "access-control-allow-credentials": "true",
      vary: "Origin",
    },
  };
}

/** By host alone: behind a proxy that ends TLS, the endpoint does not know its own scheme. */
function isOwnOrigin(request: Request, origin: string): boolean {
  const host = request.headers.get("host") ?? new URL(request.url).host;
  return URL.canParse(origin) && new URL(origin).host === host;
}
