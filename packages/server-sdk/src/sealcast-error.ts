/** Why a call failed. */
export type SealcastErrorCode =
  /** An option or argument that cannot work. */
  | "invalid-options"
  | "invalid-argument"
  /** An encrypted channel, and no key to seal or authorise with. */
  | "no-encryption-key"
  /** The event is larger than the server takes. */
  | "too-large"
  /** No answer: nobody listens, the connection broke, or the time was up. */
  | "network"
  | "timeout"
  /** The server refused. */
  | "bad-request"
  | "unauthorized"
  | "forbidden"
  | "not-found"
  | "rate-limited"
  | "server-error"
  | "unexpected-status"
  /** The server answered with something that is not what was asked for. */
  | "unexpected-answer"
  /** A webhook that must not be believed, or cannot be read. */
  | "webhook-key"
  | "webhook-signature"
  | "webhook-stale"
  | "webhook-malformed";

/** What else is known about a failure. */
export interface SealcastErrorDetails {
  readonly cause?: unknown;
  readonly status?: number;
  readonly body?: string;
  readonly url?: string;
  readonly bytesOver?: number;
}

/** The one error that this library throws on purpose. Never holds a secret, a key, a signature or a payload. */
export class SealcastError extends Error {
  override readonly name = "SealcastError";
  readonly code: SealcastErrorCode;
  /** Whether the same call may succeed later, unchanged. A publish that timed out may have been accepted already. */
  readonly retryable: boolean;
  /** Status of the server's answer, where there was one. */
  readonly status: number | undefined;
  /** Text of the server's answer, where there was one. */
  readonly body: string | undefined;
  /** What was asked, without its signature, where there was a request. */
  readonly url: string | undefined;
  /** With `too-large`: by how many bytes. */
  readonly bytesOver: number | undefined;
  /** When a call that was split into several requests failed: the channels of those that were not confirmed. */
  unconfirmedChannels: readonly string[] = [];

  constructor(code: SealcastErrorCode, message: string, details: SealcastErrorDetails = {}) {
    super(message, "cause" in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.retryable = code === "network" || code === "timeout" || code === "rate-limited" || code === "server-error";
    this.status = details.status;
    this.body = details.body;
    this.url = details.url;
    this.bytesOver = details.bytesOver;
  }
}

/**
 * The error for an answer of status 300 or above.
 *
 * @param location the header of that name, where there is one.
 */
export function errorOfStatus(status: number, body: string, url: string, location?: string): SealcastError {
  const target = location !== undefined && URL.canParse(location, url) ? new URL(location, url) : undefined;
  const excerpt = body.trim().slice(0, 200);
  const more =
    target === undefined ? excerpt && `: ${excerpt}` : ` and points to ${withoutQuery(target)}: use that address`;
  return new SealcastError(codeOfStatus(status), `The server answered ${status}${more}`, { status, body, url });
}

/** The query of a redirection repeats the signature. */
function withoutQuery({ origin, pathname }: URL): string {
  return `${origin}${pathname}`;
}

function codeOfStatus(status: number): SealcastErrorCode {
  switch (status) {
    case 400:
      return "bad-request";
    case 401:
      return "unauthorized";
    case 403:
      return "forbidden";
    case 404:
      return "not-found";
    case 413:
      return "too-large";
    case 429:
      return "rate-limited";
    default:
      return status >= 500 ? "server-error" : "unexpected-status";
  }
}
