import * as ws from "ws";

/**
 * The WebSocket class for Node.js, which has none of its own before version 22. Jest with jsdom resolves `ws` to its stub
 * for browsers, which has no class: there, that of the page is used.
 */
export const WebSocket: typeof ws.WebSocket =
  (ws as Partial<typeof ws>).WebSocket ?? (globalThis.WebSocket as unknown as typeof ws.WebSocket);
