/** Number of a request → function that takes its answer. Scripts find it as `Pusher.auth_callbacks`. */
export type AuthCallbacks = Record<string, (answer: unknown) => void>;

/** Takes the answers to JSONP requests: `Pusher.auth_callbacks`. */
export const authCallbacks: AuthCallbacks = {};
