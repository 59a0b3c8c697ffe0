/** Like `fetch`, over a request object of the application. */
export function fetchByXhr(
  request: XMLHttpRequest,
  url: string,
  { method = "GET", headers, body, signal }: RequestInit = {},
): Promise<Response> {
  return new Promise((resolve, reject) => {
    request.open(method, url);
    for (const [name, value] of new Headers(headers)) request.setRequestHeader(name, value);
    request.addEventListener("load", () => resolve(new Response(request.responseText, { status: request.status })));
    request.addEventListener("error", () => reject(new TypeError("Network error")));
    signal?.addEventListener("abort", () => {
      request.abort();
      reject(new DOMException("Aborted", "AbortError"));
    });
    request.send(body as string);
  });
}
