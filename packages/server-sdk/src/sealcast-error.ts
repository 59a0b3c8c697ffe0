/** Why a call failed. */
export type SealcastErrorCode =
  /** An option or an argument is not valid. */
  | "invalid-options"
  | "invalid-argument"
  /** The channel is encrypted, and no master key is set. */
  | "no-encryption-key"
  /** The event is larger than the server accepts. */
  | "too-large"
  /** No answer came: the server cannot be reached, the connection broke, or the time limit was reached. */
  | "network"
  | "timeout"
  /** The server refused the request. */
  | "bad-request"
  | "unauthorized"
  | "forbidden"
  | "not-found"
  | "rate-limited"
  | "server-error"
  | "unexpected-status"
  /** The server's answer cannot be read. */
  | "unexpected-answer"
  /** A webhook is not from this app's server, too old, or cannot be read. */
  | "webhook-key"
  | "webhook-signature"
  | "webhook-stale"
  | "webhook-malformed";

/** Further facts about a failure. */
export interface SealcastErrorDetails {
  readonly cause?: unknown;
  readonly status?: number;
  readonly body?: string;
  readonly url?: string;
  readonly bytesOver?: number;
  /** Default: by the code. */
  readonly retryable?: boolean;
  /** Default: by the code and the status. */
  readonly mayBeAccepted?: boolean;
}

/**
 * Every failure that this library reports. Never holds a secret, a key, a signature or a payload.
 *
 * @example
 * ```ts
 * try {
 *   await sealcast.trigger("orders", "created", { id: 7 });
 * } catch (error) {
 *   if (error instanceof SealcastError && error.retryable) queueForLater();
 *   else throw error;
 * }
 * ```
 */
export class SealcastError extends Error {
  override readonly name = "SealcastError";
  readonly code: SealcastErrorCode;
  /** Whether the same call may succeed later. See {@link SealcastError.mayBeAccepted} before you repeat a publish. */
  readonly retryable: boolean;
  /** Whether the server may have accepted the request although the call failed, so that repeating it could do it twice. */
  readonly mayBeAccepted: boolean;
  /** Status of the server's answer, if there was one. */
  readonly status: number | undefined;
  /** Text of the server's answer, if there was one. */
  readonly body: string | undefined;
  /** URL of the request, with zeros in place of the signature, if there was a request. */
  readonly url: string | undefined;
  /** With `too-large`: how many bytes the event is over the limit. */
  readonly bytesOver: number | undefined;
  /** If a call was split into several requests: the channels of the requests that were not confirmed. */
  unconfirmedChannels: readonly string[] = [];

  constructor(code: SealcastErrorCode, message: string, details: SealcastErrorDetails = {}) {
    super(message, "cause" in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.retryable = details.retryable ?? retryableCodes.has(code);
    const isUncertain = uncertainCodes.has(code) && details.status !== 503;
    this.mayBeAccepted = details.mayBeAccepted ?? isUncertain;
    this.status = details.status;
    this.body = details.body;
    this.url = details.url;
    this.bytesOver = details.bytesOver;
  }
}

const retryableCodes: ReadonlySet<SealcastErrorCode> = new Set(["network", "timeout", "rate-limited", "server-error"]);

const uncertainCodes: ReadonlySet<SealcastErrorCode> = new Set([
  "network",
  "timeout",
  "server-error",
  "unexpected-answer",
]);

/**
 * Returns the error for an answer with a status of 300 or above.
 *
 * @param location the header of that name, if there is one.
 */
export function errorOfStatus(status: number, body: string, url: string, location?: string): SealcastError {
  const target = location !== undefined && URL.canParse(location, url) ? new URL(location, url) : undefined;
  const excerpt = body.trim().slice(0, 200);
  const more =
    target === undefined ? excerpt && `: ${excerpt}` : ` and points to ${withoutQuery(target)}: use that address`;
  return new SealcastError(codeOfStatus(status), `The server answered ${status}${more}`, { status, body, url });
}

/** The query of a redirection's target repeats the signature. */
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
