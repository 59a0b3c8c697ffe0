import { isLoopback } from "../address.ts";
import { SealcastError } from "../sealcast-error.ts";

/** Origins that may send requests besides the endpoint's own; `"any"`: all, without cookies. */
export type AllowedOrigins = readonly string[] | "any";

/** Whether the calling page is allowed, and the headers with which its browser lets it read the answer. */
export type OriginCheck =
  | { readonly allowed: true; readonly headers: Readonly<Record<string, string>> }
  | {
      readonly allowed: false;
      readonly found: string;
      /** The endpoint runs on this machine, so the page's developer may read why it is refused. */
      readonly isDevelopment: boolean;
      readonly headers: Readonly<Record<string, string>>;
    };

/**
 * Checks the option `origins`.
 *
 * @throws {SealcastError} `invalid-options` for a value that no browser sends as an origin, because it would never match.
 */
export function checkOrigins(origins: AllowedOrigins): void {
  if (origins === "any") return;
  if (!Array.isArray(origins)) throw invalid('The option origins must be a list of origins, or "any"');
  for (const origin of origins as readonly unknown[]) {
    const meant = originIn(String(origin));
    if (meant === undefined) {
      throw invalid(
        `${String(origin)} is not an origin: expected a scheme and a host, such as https://app.example.com`,
      );
    }
    if (meant !== origin) throw invalid(`${String(origin)} is not an origin: did you mean ${meant}?`);
  }
}

/** Returns the origin at the start of a text. Apps in a web view have schemes of their own, such as `capacitor:`. */
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
 * Checks the page that sends a request, because a page of another site could use the user's cookies. Browsers send
 * `Origin` with every POST. A request without it is not from a browser, or `Sec-Fetch-Site` says where the page is from.
 */
export function checkOrigin(request: Request, origins: AllowedOrigins): OriginCheck {
  if (origins === "any") return { allowed: true, headers: { "access-control-allow-origin": "*" } };
  const origin = request.headers.get("origin");
  if (origin === null) {
    const site = request.headers.get("sec-fetch-site") ?? "none";
    return site === "none" || site === "same-origin" ? { allowed: true, headers: {} } : refusal(request, site, {});
  }
  if (isOwnOrigin(request, origin)) return { allowed: true, headers: {} };
  const headers = {
    "access-control-allow-origin": origin,
    "access-control-allow-credentials": "true",
    vary: "Origin",
  };
  return origins.includes(origin) ? { allowed: true, headers } : refusal(request, origin, headers);
}

/** A page may read its refusal only if the endpoint is on the developer's own machine. */
function refusal(request: Request, found: string, readable: Readonly<Record<string, string>>): OriginCheck {
  const isDevelopment = isLoopback(new URL(`http://${hostOf(request)}`).hostname);
  return { allowed: false, found, isDevelopment, headers: isDevelopment ? readable : {} };
}

/** Compares only the host: behind a proxy that terminates TLS, the endpoint does not know its own scheme. */
function isOwnOrigin(request: Request, origin: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === hostOf(request);
}

function hostOf(request: Request): string {
  const host = request.headers.get("host");
  return host !== null && URL.canParse(`http://${host}`) ? host : new URL(request.url).host;
}
