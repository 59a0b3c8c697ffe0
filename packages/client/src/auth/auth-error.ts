import type { SealcastError } from "../sealcast-error.ts";

/** What listeners receive when a permission is refused, as in `pusher-js`. */
export interface AuthError {
  readonly type: string;
  readonly error: string;
  /** HTTP status of the endpoint, or of the server's refusal. */
  readonly status?: number;
}

/** Returns an error in the form for listeners. */
export function authError({ message, status }: SealcastError): AuthError {
  return { type: "AuthError", error: message, ...(status !== undefined && { status }) };
}

/** Whether asking again cannot help: the endpoint has refused this user. */
export function isFinal({ status }: SealcastError): boolean {
  return status === 401 || status === 403;
}
