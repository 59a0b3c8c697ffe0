/** What can go wrong at the edges of the client, one code per kind of failure. */
export type SealcastErrorCode =
  /** An option, a channel name or an event name cannot be used. */
  | "invalid-argument"
  /** The channel kind does not do this. */
  | "unsupported"
  /** The endpoint or the server refused an authorization or a sign-in. */
  | "refused"
  /** The connection ended or can never be made, so that a promise cannot be kept. */
  | "disconnected"
  /** The channel was unsubscribed while something was waiting for it. */
  | "unsubscribed"
  /** A reader of `events()` fell so far behind that events would have been lost. */
  | "slow-reader";

/** Every error that the client throws or rejects with; compare `code`, not `message`. */
export class SealcastError extends Error {
  override readonly name: string = "SealcastError";
  readonly code: SealcastErrorCode;
  /** HTTP status of the endpoint that refused, where one did. */
  readonly status: number | undefined;

  constructor(code: SealcastErrorCode, message: string, status?: number) {
    super(message);
    this.code = code;
    this.status = status;
  }
}
