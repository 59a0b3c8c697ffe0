/** What can go wrong in the client, one code per kind of failure. */
export type SealcastErrorCode =
  /** An option, a channel name or an event name is not valid. */
  | "invalid-argument"
  /** The channel kind does not support the call. */
  | "unsupported"
  /** The endpoint or the server refused an authorization or a sign-in. */
  | "refused"
  /** The client cannot reach the server: address, network, TLS, or a server that does not speak the protocol. */
  | "unreachable"
  /** The server closed the connection with a code, such as 4001 for an unknown app key. */
  | "rejected"
  /** The client does not connect: `connect()` was not called, or `disconnect()` was, or no transport can be used. */
  | "disconnected"
  /** The channel was left while a promise waited for it. */
  | "unsubscribed"
  /** The reader of `events()` is so far behind that events would be lost. */
  | "slow-reader";

/**
 * Every error that the client throws or rejects with. Compare `code`, not `message`.
 *
 * @example
 * try {
 *   await whenSubscribed(client.subscribe("private-orders"));
 * } catch (error) {
 *   if (error instanceof SealcastError && error.code === "refused") console.log("not allowed:", error.status);
 * }
 */
export class SealcastError extends Error {
  override readonly name: string = "SealcastError";
  readonly code: SealcastErrorCode;
  /** `refused`: HTTP status of the endpoint, if it answered. `rejected`: close code of the server. */
  readonly status: number | undefined;

  /** @param cause the error of the platform, if there is one. */
  constructor(code: SealcastErrorCode, message: string, status?: number, cause?: unknown) {
    super(message, cause ? { cause } : {});
    this.code = code;
    this.status = status;
  }
}
