/** The part of `Pusher.Runtime` that code for `pusher-js` replaces, such as to send cookies to other origins. */
export interface Runtime {
  /** Creates the request object for an endpoint. */
  createXHR: () => XMLHttpRequest;
}

const createXHR = (): XMLHttpRequest => new XMLHttpRequest();

/** `Pusher.Runtime`. */
export const runtime: Runtime = { createXHR };

/** Sends a request with `fetch`, or with the `Pusher.Runtime.createXHR` that the application has set. */
export const fetchByRuntime: typeof fetch = async (url, init) => {
  if (runtime.createXHR === createXHR) return fetch(url, init);
  const { fetchByXhr } = await import("./fetch-by-xhr.ts");
  return fetchByXhr(runtime.createXHR(), url as string, init);
};
