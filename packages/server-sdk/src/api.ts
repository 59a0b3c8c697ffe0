import { originOf, pathOf, type Address } from "./address.ts";
import type { Platform } from "./platform.ts";
import { mayRepeat, retryDelay } from "./retry.ts";
import { errorOfStatus, SealcastError } from "./sealcast-error.ts";
import { signedQuery } from "./signed-query.ts";
import { RequestTimeout, type HttpAnswer, type Transport } from "./transport.ts";
import { libraryName } from "./version.ts";

/** One call of the HTTP API. */
export interface ApiRequest {
  readonly method: "GET" | "POST";
  /** Below `/apps/{id}`, with its leading slash. */
  readonly resource: string;
  readonly params?: Readonly<Record<string, unknown>> | undefined;
  /** Builds the body, when it may be sent; called anew for each attempt, as what is sealed must be sealed when it is sent. */
  readonly body?: () => string | Promise<string>;
  /** Whether doing it twice is the same as doing it once. */
  readonly idempotent: boolean;
}

/** How patient the library is. */
export interface Patience {
  /** Longest time of one attempt, in milliseconds; undefined: no limit. */
  readonly timeoutMs: number | undefined;
  /** How often a call is repeated where that is safe. */
  readonly retries: number;
}

/** The app's HTTP API: signs, sends, waits, repeats. */
export class Api {
  readonly #address: Address;
  readonly #patience: Patience;
  readonly #transport: Transport;
  readonly #platform: Platform;
  readonly #writeValue: (value: string) => string;

  /** @param writeValue how parameter values are written in the query; the signature covers them as they are. */
  constructor(
    address: Address,
    patience: Patience,
    transport: Transport,
    platform: Platform,
    writeValue: (value: string) => string = encodeURIComponent,
  ) {
    this.#address = address;
    this.#patience = patience;
    this.#transport = transport;
    this.#platform = platform;
    this.#writeValue = writeValue;
  }

  /** Sends a request and gives the answer of a status below 300. Rejects with {@link SealcastError} otherwise. */
  async send(request: ApiRequest): Promise<HttpAnswer> {
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await this.#attempt(request);
      if (outcome.ok) return outcome.answer;
      if (attempt >= this.#patience.retries || !mayRepeat(request, outcome.error)) throw outcome.error;
      await this.#platform.sleep(retryDelay(attempt, outcome.retryAfter, this.#platform.random()));
    }
  }

  /** Like {@link send}, as a `Response`. */
  async sendForResponse(request: ApiRequest): Promise<Response> {
    const { status, headers, text } = await this.send(request);
    // A body, even an empty one, is an error for these.
    const body = status === 204 || status === 205 || status === 304 ? null : text;
    return new Response(body, { status, headers: new Headers(headers.map(([name, value]) => [name, value])) });
  }

  /** Like {@link send}, and reads the answer as JSON. */
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

  async #attempt(request: ApiRequest): Promise<Attempt> {
    const { method, params } = request;
    const path = pathOf(this.#address, request.resource);
    const body = await request.body?.();
    const signable = { method, path, params, body };
    const query = signedQuery(this.#address.token, signable, this.#platform.now(), this.#writeValue);
    const url = `${originOf(this.#address)}${path}?${query}`;
    const { timeoutMs } = this.#patience;
    try {
      const answer = await this.#transport({ method, url, headers: headersFor(body), body, timeoutMs });
      // What redirects a publish did not take it, and following would send it on with a signature for another address.
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
    return cause instanceof RequestTimeout
      ? new SealcastError("timeout", `No answer from ${target} within ${this.#patience.timeoutMs} ms`, details)
      : new SealcastError("network", `Cannot reach ${target}`, details);
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

/** A signature in a log is as good as a key for ten minutes, so errors carry zeros in its place. */
function withoutSignature(text: string): string {
  return text.replace(/(auth_signature=)[0-9a-f]+/g, `$1${"0".repeat(64)}`);
}
