import { SealcastError } from "../sealcast-error.ts";
import { withoutSignature } from "../signed-query.ts";

/** The official library's error for a failed request, with two fields of {@link SealcastError}. */
export class RequestError extends Error {
  override name = "PusherRequestError";
  /** URL of the request, with zeros in place of the signature. */
  url: string;
  error: Error | undefined;
  status: number | undefined;
  body: string | undefined;
  /** Not in the official library: why it failed. */
  code: SealcastError["code"] | undefined;
  retryable: boolean;

  constructor(message: string, url: string, error?: Error, status?: number, body?: string) {
    super(message, error === undefined ? undefined : { cause: error });
    this.url = url;
    this.error = error;
    this.status = status;
    this.body = body;
    this.code = undefined;
    this.retryable = false;
  }
}

/** The official library's error for reading a webhook without a valid body. */
export class WebHookError extends Error {
  override name = "PusherWebHookError";
  contentType: string;
  body: string;
  signature: string;

  constructor(message: string, contentType: string, body: string, signature: string) {
    super(message);
    this.contentType = contentType;
    this.body = body;
    this.signature = signature;
  }
}

/** The error of `node-fetch` for a request without an answer, which the official library puts into `RequestError.error`. */
class FetchError extends Error {
  override name = "FetchError";
  readonly type = "system";
  readonly code: string | undefined;
  readonly errno: string | undefined;

  constructor(url: string, reason: unknown) {
    const { message, code } = reason as { message?: string; code?: string };
    super(`request to ${url} failed, reason: ${withoutSignature(message || code || "unknown")}`, { cause: reason });
    this.code = code;
    this.errno = code;
  }
}

/** The error of `node-fetch` for a request that took longer than the option `timeout`. */
class AbortError extends Error {
  override name = "AbortError";
  readonly type = "aborted";

  constructor(reason: unknown) {
    super("The user aborted a request.", { cause: reason });
  }
}

/** Runs `act`; throws its errors as the official library does. */
export function withOfficialErrors<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw toOfficialError(error);
  }
}

/** Converts an error to that of the official library: `RequestError` for a failed request, `Error` for invalid input. */
export function toOfficialError(error: unknown): unknown {
  if (!(error instanceof SealcastError)) return error;
  const { message, status, url, body, code, retryable, cause } = error;
  // The official library lets the error of `JSON.stringify` through.
  if (code === "invalid-argument" && cause !== undefined) return cause;
  if (url === undefined) return Object.assign(new Error(message, { cause: error }), { code });
  const translated =
    status === undefined
      ? new RequestError("Request failed with an error", url, failureOf(error, url, cause))
      : new RequestError(`Unexpected status code ${status}`, url, undefined, status, body);
  return Object.assign(translated, { code, retryable });
}

function failureOf({ code }: SealcastError, url: string, cause: unknown): Error {
  return code === "timeout" ? new AbortError(cause) : new FetchError(url, cause);
}
