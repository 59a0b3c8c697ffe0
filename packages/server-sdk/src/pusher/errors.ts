import { SealcastError } from "../sealcast-error.ts";

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

/** Converts the error of a failed request to that of the official library. Returns every other error unchanged. */
export function toRequestError(error: unknown): unknown {
  if (!(error instanceof SealcastError) || error.url === undefined) return error;
  const { status, url, body, code, retryable, cause } = error;
  const translated =
    status === undefined
      ? new RequestError("Request failed with an error", url, cause instanceof Error ? cause : error)
      : new RequestError(`Unexpected status code ${status}`, url, undefined, status, body);
  return Object.assign(translated, { code, retryable });
}
