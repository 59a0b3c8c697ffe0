/** What code written for `pusher-js` replaces in `Pusher.Runtime`, such as to send cookies to other origins. */
export interface Runtime {
  /** Makes the request object for an endpoint. */
  createXHR: () => XMLHttpRequest;
}

const createXHR = (): XMLHttpRequest => new XMLHttpRequest();

/** `Pusher.Runtime`. */
export const runtime: Runtime = { createXHR };

/** Asks an endpoint with `fetch`, or with what the application has put into `Pusher.Runtime.createXHR`. */
export const fetchByRuntime: typeof fetch = (url, init) =>
  runtime.createXHR === createXHR ? fetch(url, init) : fetchByXhr(String(url), init);

function fetchByXhr(url: string, { method = "GET", headers, body, signal }: RequestInit = {}): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = runtime.createXHR();
    request.open(method, url);
    for (const [name, value] of new Headers(headers)) request.setRequestHeader(name, value);
    request.onload = () => resolve(new Response(request.responseText, { status: request.status }));
    request.onerror = () => reject(new TypeError("The endpoint cannot be reached"));
    signal?.addEventListener("abort", () => {
      request.abort();
      reject(new DOMException("Aborted", "AbortError"));
    });
    request.send(body as string);
  });
}
