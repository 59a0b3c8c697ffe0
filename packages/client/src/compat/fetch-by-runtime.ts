import { createXHR, runtime } from "./runtime.ts";

/** Sends a request with `fetch`, or with the `Pusher.Runtime.createXHR` that the application has set. */
export const fetchByRuntime: typeof fetch = async (url, init) => {
  if (runtime.createXHR === createXHR) return fetch(url, init);
  const { fetchByXhr } = await import("./fetch-by-xhr.ts");
  return fetchByXhr(runtime.createXHR(), url as string, init);
};
