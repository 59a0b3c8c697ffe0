/** The WebSocket class of browsers, workers, Bun and React Native; undefined if there is none. */
export const WebSocket = globalThis.WebSocket;
