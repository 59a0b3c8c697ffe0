import { SealcastError } from "./sealcast-error.ts";
import { RequestTimeout, type HttpAnswer, type HttpRequest, type Transport } from "./transport.ts";

/** The part of `fetch` that this library uses. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Returns a transport that sends requests with the application's own `fetch`: through a proxy, or to record them. */
export function transportOver(fetchOne: Fetch): Transport {
  return async ({ method, url, headers, body, timeoutMs }: HttpRequest): Promise<HttpAnswer> => {
    const init: RequestInit = { method, headers, redirect: "manual" };
    if (body !== undefined) init.body = body;
    if (timeoutMs !== undefined) init.signal = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetchOne(url, init);
      return { status: response.status, headers: [...response.headers], text: await response.text() };
    } catch (error) {
      const timedOut = error instanceof Error && error.name === "TimeoutError";
      throw timedOut ? new RequestTimeout("No answer came in time", { cause: error }) : error;
    }
  };
}

/** The transport of every runtime that has `fetch`. Reads the global at each request, so that test tools can replace it. */
export const defaultTransport: Transport = transportOver((url, init) => fetch(url, init));

/**
 * Agents belong to `node:http`; a runtime without it cannot use one.
 *
 * @throws {SealcastError} `invalid-options`, always.
 */
export function transportThrough(_agent: object): Transport {
  throw new SealcastError("invalid-options", "The option agent works only in Node.js; pass a fetch function instead");
}
