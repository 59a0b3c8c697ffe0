import type { SealcastError } from "../sealcast-error.ts";

/** How listeners learn that a permission was refused, as in `pusher-js`. */
export interface AuthError {
  readonly type: string;
  readonly error: string;
  /** HTTP status of the endpoint, or of the server's refusal. */
  readonly status?: number;
}

/** Puts an error into the form for listeners. */
export function authError({ message, status }: SealcastError): AuthError {
  return { type: "AuthError", error: message, ...(status !== undefined && { status }) };
}
