import { SealcastError } from "./sealcast-error.ts";
import { RequestTimeout, type HttpAnswer, type HttpRequest, type Transport } from "./transport.ts";

/** `fetch`, as far as this library uses it. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Sends requests with a `fetch` of the application: for a proxy, or to see what is sent. */
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
      throw timedOut ? new RequestTimeout("The time of the request is up", { cause: error }) : error;
    }
  };
}

/** The transport of every runtime that has `fetch`. */
export const defaultTransport: Transport = transportOver((url, init) => fetch(url, init));

/** Agents belong to `node:http`; a runtime without it cannot use one. */
export function transportThrough(_agent: object): Transport {
  throw new SealcastError("invalid-options", "The option agent works in Node.js alone; here, pass a fetch instead");
}
