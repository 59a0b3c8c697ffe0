/** The part of an answer that the client reads. */
export type EndpointAnswer = Pick<Response, "status" | "text"> & { readonly headers: Pick<Headers, "get"> };

/**
 * Like `fetch`, over a request object. Needs none of the classes of `fetch`: jsdom and old browsers do not have them.
 *
 * @param headers a plain object.
 */
export function fetchByXhr(
  request: XMLHttpRequest,
  url: string,
  { method = "GET", headers = {}, body, signal }: RequestInit = {},
): Promise<EndpointAnswer> {
  return new Promise((resolve, reject) => {
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, String(value));
    request.addEventListener("load", () => {
      const { status, responseText } = request;
      resolve({
        status,
        headers: { get: (name) => request.getResponseHeader(name) },
        text: async () => responseText,
      });
    });
    request.addEventListener("error", () => reject(new TypeError("Network error")));
    signal?.addEventListener("abort", () => {
      request.abort();
      reject(new Error("Aborted"));
    });
    request.send(body as string);
  });
}
