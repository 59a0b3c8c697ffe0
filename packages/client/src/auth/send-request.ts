import type { EndpointAnswer } from "./fetch-by-xhr.ts";

/**
 * Sends a request with `fetch`, or with `XMLHttpRequest` if there is no `fetch`.
 *
 * @param createXhr creates the request object; if it is given, `fetch` is not used. `false` is the same as undefined.
 */
export async function sendRequest(
  url: string,
  init: RequestInit,
  createXhr?: (() => XMLHttpRequest) | false,
): Promise<EndpointAnswer> {
  if (!createXhr && typeof fetch === "function") return fetch(url, init);
  const { fetchByXhr } = await import("./fetch-by-xhr.ts");
  return fetchByXhr(createXhr ? createXhr() : new XMLHttpRequest(), url, init);
}
