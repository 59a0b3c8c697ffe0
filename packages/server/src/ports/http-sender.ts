/** One request with a body, sent once. */
export interface HttpPost {
  /** `http:` or `https:`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The outcome of a request: the status of the answer, or the reason why there is none. */
export type HttpOutcome =
  | { readonly status: number; readonly error: undefined }
  | { readonly status: undefined; readonly error: string };

/**
 * Sends requests to addresses that others chose.
 * [SEND1] Never rejects; every failure is an outcome in words, without anything the receiver wrote.
 * [SEND2] Has an outcome within the time-out, whatever the receiver does.
 * [SEND3] Reads the status of the answer and at most a bounded part of its body; follows no redirect.
 * [SEND4] Unless private targets are allowed, connects to public addresses only, whatever the name resolved to before.
 * [SEND5] A receiver that fails, stalls or is gone affects no request to another.
 */
export interface HttpSender {
  post(request: HttpPost): Promise<HttpOutcome>;
  /** Ends open connections. */
  close(): void;
}
