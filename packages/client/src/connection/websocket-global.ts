/** The WebSocket class of browsers, workers, Bun and React Native; undefined where there is none. */
export const WebSocket = globalThis.WebSocket;
