/** One HTTP request, ready to send. */
export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Longest time until the whole answer has arrived, in milliseconds; undefined: no limit. */
  readonly timeoutMs: number | undefined;
}

/** The answer to a request, with any status, its body read to the end. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly text: string;
}

/**
 * Sends a request over a connection that is kept open for the next one, and follows no redirection. If no answer comes,
 * rejects with a {@link RequestTimeout} after `timeoutMs`, and otherwise with the runtime's own error.
 */
export type Transport = (request: HttpRequest) => Promise<HttpAnswer>;

/** No answer came within the time limit of a request. */
export class RequestTimeout extends Error {
  override readonly name = "RequestTimeout";
}
