import type { HttpRequest } from "../ports/transport.ts";

const name = "sealcast_console";

/** The console's cookie of a request; "" if it has none. */
export function cookieOf(request: HttpRequest): string {
  for (const part of (request.header("cookie") ?? "").split(";")) {
    const [key, value = ""] = part.trim().split("=");
    if (key === name) return value;
  }
  return "";
}

/** The cookie of a session. Browsers send it only with requests that the console's own pages make. */
export function sessionCookie(secret: string, secure: boolean): string {
  return cookie(secret, "Strict", secure);
}

/** The cookie of a sign-in that began at a provider. Browsers send it when the provider sends them back. */
export function signOnCookie(attempt: string, maxAgeSeconds: number, secure: boolean): string {
  return `${cookie(attempt, "Lax", secure)}; Max-Age=${maxAgeSeconds}`;
}

/** Deletes the cookie. */
export function noCookie(secure: boolean): string {
  return `${cookie("", "Strict", secure)}; Max-Age=0`;
}

function cookie(value: string, sameSite: "Strict" | "Lax", secure: boolean): string {
  return `${name}=${value}; Path=/console; HttpOnly; SameSite=${sameSite}${secure ? "; Secure" : ""}`;
}
