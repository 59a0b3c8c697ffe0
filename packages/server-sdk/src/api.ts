import { describeFailure, repeatableRequests } from "./connection-failure.ts";
import { originOf, pathOf, type Address } from "./address.ts";
import type { Platform } from "./platform.ts";
import { mayRepeat, retryDelay, type RetryPolicy } from "./retry.ts";
import { errorOfStatus, SealcastError } from "./sealcast-error.ts";
import { signedQuery, withoutSignature } from "./signed-query.ts";
import { RequestTimeout, type HttpAnswer, type Transport } from "./transport.ts";
import { libraryName } from "./version.ts";

/** One call of the HTTP API. */
export interface ApiRequest {
  readonly method: "GET" | "POST";
  /** Below `/apps/{id}`, with its leading slash. */
  readonly resource: string;
  readonly params?: Readonly<Record<string, unknown>> | undefined;
  /** Returns the body; on encrypted channels it waits until a key rotation allows sending. Called again for each attempt: an event is sealed when it is sent. */
  readonly body?: () => string | Promise<string>;
  /** Whether sending it twice has the same effect as sending it once. */
  readonly idempotent: boolean;
}

/** The app's HTTP API: signs requests, sends them, and repeats those that may be repeated. */
export class Api {
  readonly #address: Address;
  readonly #retryPolicy: RetryPolicy;
  readonly #transport: Transport;
  readonly #platform: Platform;
  readonly #encodeValue: (value: string) => string;

  /** @param encodeValue encodes a parameter value for the query. The signature covers the value before encoding. */
  constructor(
    address: Address,
    retryPolicy: RetryPolicy,
    transport: Transport,
    platform: Platform,
    encodeValue: (value: string) => string = encodeURIComponent,
  ) {
    this.#address = address;
    this.#retryPolicy = retryPolicy;
    this.#transport = transport;
    this.#platform = platform;
    this.#encodeValue = encodeValue;
  }

  /** Sends a request and returns an answer with a status below 300; otherwise rejects with {@link SealcastError}. */
  async send(request: ApiRequest): Promise<HttpAnswer> {
    const { retries, retryWithinMs } = this.#retryPolicy;
    let latestStart: number | undefined;
    for (let attempt = 0; ; attempt += 1) {
      const body = await request.body?.();
      latestStart ??= this.#platform.elapsed() + retryWithinMs;
      const outcome = await this.#attempt(request, body);
      if (outcome.ok) return outcome.answer;
      const delayMs = retryDelay(attempt, outcome.retryAfter, this.#platform.random());
      const tooLate = this.#platform.elapsed() + delayMs > latestStart;
      if (attempt >= retries || tooLate || !mayRepeat(request, outcome.error)) throw outcome.error;
      await this.#platform.sleep(delayMs);
    }
  }

  /** Like {@link send}; returns the answer as a `Response`. */
  async sendForResponse(request: ApiRequest): Promise<Response> {
    const { status, headers, text } = await this.send(request);
    // A `Response` with one of these statuses must not have a body, not even an empty one.
    const body = status === 204 || status === 205 || status === 304 ? null : text;
    return new Response(body, { status, headers: new Headers(headers.map(([name, value]) => [name, value])) });
  }

  /** Like {@link send}; returns the parsed JSON of the answer. */
  async sendForJson(request: ApiRequest): Promise<unknown> {
    const { status, text } = await this.send(request);
    try {
      return JSON.parse(text) as unknown;
    } catch (cause) {
      throw new SealcastError("unexpected-answer", "The server answered with a body that is not JSON", {
        cause,
        status,
      });
    }
  }

  async #attempt(request: ApiRequest, body: string | undefined): Promise<Attempt> {
    const { method, params } = request;
    const path = pathOf(this.#address, request.resource);
    const signable = { method, path, params, body };
    const query = signedQuery(this.#address.token, signable, this.#platform.now(), this.#encodeValue);
    const url = `${originOf(this.#address)}${path}?${query}`;
    const { timeoutMs } = this.#retryPolicy;
    try {
      const answer = await this.#transport({ method, url, headers: headersFor(body), body, timeoutMs });
      // A server that redirects a publish has not accepted it, and the signature is not valid for another address.
      if (answer.status < 300) return { ok: true, answer };
      const text = withoutSignature(answer.text);
      const error = errorOfStatus(answer.status, text, withoutSignature(url), headerOf(answer, "location"));
      return { ok: false, error, retryAfter: headerOf(answer, "retry-after") };
    } catch (cause) {
      return { ok: false, error: this.#connectionError(cause, url), retryAfter: undefined };
    }
  }

  #connectionError(cause: unknown, url: string): SealcastError {
    const target = originOf(this.#address);
    const details = { cause, url: withoutSignature(url) };
    if (cause instanceof RequestTimeout) {
      return new SealcastError("timeout", `No answer from ${target} within ${this.#retryPolicy.timeoutMs} ms`, details);
    }
    const repeatable = repeatableRequests(cause);
    const facts = { ...details, retryable: repeatable !== "none", mayBeAccepted: repeatable === "idempotent" };
    return new SealcastError("network", `Cannot reach ${target}: ${describeFailure(cause)}`, facts);
  }
}

type Attempt =
  | { readonly ok: true; readonly answer: HttpAnswer }
  | { readonly ok: false; readonly error: SealcastError; readonly retryAfter: string | undefined };

function headerOf({ headers }: HttpAnswer, wanted: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
}

function headersFor(body: string | undefined): Record<string, string> {
  const library = { "x-pusher-library": libraryName };
  return body === undefined ? library : { ...library, "content-type": "application/json" };
}
