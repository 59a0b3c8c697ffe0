import { ownProperties } from "@sealcast/protocol";
import type { SignOnAttempt } from "../ports/single-sign-on.ts";

/** How long a user may take at the provider, in seconds. */
export const signOnSeconds = 600;

/**
 * Encodes a sign-in that has begun, for the browser's cookie. The cookie needs no signature: a user who changes it can only
 * make their own sign-in fail.
 */
export function encodeAttempt({ state, nonce, codeVerifier }: SignOnAttempt, nowMs: number): string {
  const text = JSON.stringify({ state, nonce, codeVerifier, untilMs: nowMs + signOnSeconds * 1_000 });
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Decodes the cookie of a sign-in. Returns undefined if it is older than `signOnSeconds` or invalid. */
export function decodeAttempt(cookie: string, nowMs: number): SignOnAttempt | undefined {
  const fields = fieldsOf(cookie);
  const [state, nonce, codeVerifier, untilMs] = ["state", "nonce", "codeVerifier", "untilMs"].map((name) =>
    fields?.get(name),
  );
  if (typeof state !== "string" || typeof nonce !== "string" || typeof codeVerifier !== "string") return undefined;
  return typeof untilMs === "number" && untilMs > nowMs ? { state, nonce, codeVerifier } : undefined;
}

function fieldsOf(cookie: string): ReadonlyMap<string, unknown> | undefined {
  try {
    return ownProperties(JSON.parse(atob(cookie.replaceAll("-", "+").replaceAll("_", "/"))) as unknown);
  } catch {
    return undefined;
  }
}
