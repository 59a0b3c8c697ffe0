import { ownProperties } from "@sealcast/protocol";
import type { SignOnAttempt } from "../ports/single-sign-on.ts";

/** How long a user may take at the provider, in seconds. */
export const signOnSeconds = 600;

/**
 * Encodes a sign-in that began for the browser's cookie. It needs no signature: it is the browser's own, and somebody who
 * changes it only spoils it.
 */
export function encodeAttempt({ state, nonce, codeVerifier }: SignOnAttempt, nowMs: number): string {
  const text = JSON.stringify({ state, nonce, codeVerifier, untilMs: nowMs + signOnSeconds * 1_000 });
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Decodes it; undefined if it is too old or anything else. */
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
