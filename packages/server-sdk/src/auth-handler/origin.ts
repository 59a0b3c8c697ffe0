import { SealcastError } from "../sealcast-error.ts";

/** Origins that may ask besides the endpoint's own; `"any"`: all, without cookies. */
export type AllowedOrigins = readonly string[] | "any";

/** Whether the page that asks may, and the headers that let it read the answer. */
export type OriginCheck =
  | { readonly allowed: true; readonly headers: Readonly<Record<string, string>> }
  | { readonly allowed: false; readonly found: string };

/** Throws `invalid-options` for what cannot be what a browser sends: it would let nobody in, or as a text too many. */
export function checkOrigins(origins: AllowedOrigins): void {
  if (origins === "any") return;
  if (!Array.isArray(origins)) throw invalid('The option origins must be a list of origins, or "any"');
  for (const origin of origins as readonly string[]) {
    const meant = originIn(origin);
    if (meant === undefined) {
      throw invalid(`${origin} is no origin: a scheme and a host are wanted, such as https://app.example.com`);
    }
    if (meant !== origin) throw invalid(`${origin} is no origin: ${meant} is meant`);
  }
}

/** The origin that a text begins with; apps in a web view have schemes of their own, such as `capacitor:`. */
function originIn(text: string): string | undefined {
  const [schemeAndHost] = /^[a-z][a-z\d+.-]*:\/\/[^/?#]+/.exec(text) ?? [];
  if (schemeAndHost === undefined || !URL.canParse(schemeAndHost)) return undefined;
  const { origin } = new URL(schemeAndHost);
  return origin === "null" ? schemeAndHost : origin;
}

function invalid(message: string): SealcastError {
  return new SealcastError("invalid-options", message);
}

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
