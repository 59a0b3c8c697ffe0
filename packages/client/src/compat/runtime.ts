/** The part of `Pusher.Runtime` that code for `pusher-js` replaces, such as to send cookies to other origins. */
export interface Runtime {
  /** Creates the request object for an endpoint. */
  createXHR: () => XMLHttpRequest;
}

/** `createXHR`, unless the application replaces it. */
export const createXHR = (): XMLHttpRequest => new XMLHttpRequest();

/** `Pusher.Runtime`. */
export const runtime: Runtime = { createXHR };
