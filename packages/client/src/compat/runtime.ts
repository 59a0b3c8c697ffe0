/** What code written for `pusher-js` replaces in `Pusher.Runtime`, such as to send cookies to other origins. */
export interface Runtime {
  /** Makes the request object for an endpoint. */
  createXHR: () => XMLHttpRequest;
}

const createXHR = (): XMLHttpRequest => new XMLHttpRequest();

/** `Pusher.Runtime`. */
export const runtime: Runtime = { createXHR };

/** Asks an endpoint with `fetch`, or with what the application has put into `Pusher.Runtime.createXHR`. */
export const fetchByRuntime: typeof fetch = async (url, init) => {
  if (runtime.createXHR === createXHR) return fetch(url, init);
  const { fetchByXhr } = await import("./fetch-by-xhr.ts");
  return fetchByXhr(runtime.createXHR(), url as string, init);
};
