/** One HTTP request, ready to send. */
export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Longest time until the whole answer is there, in milliseconds; undefined: no limit. */
  readonly timeoutMs: number | undefined;
}

/** The answer to a request, of any status, its body read to the end. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly text: string;
}

/**
 * Sends a request over a connection that is kept for the next one, and follows no redirection. Rejects where no answer
 * comes: with a {@link RequestTimeout} when the time is up, else with what the runtime says.
 */
export type Transport = (request: HttpRequest) => Promise<HttpAnswer>;

/** The time of a request was up. */
export class RequestTimeout extends Error {
  override readonly name = "RequestTimeout";
}
