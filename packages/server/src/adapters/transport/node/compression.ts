import type { IncomingHttpHeaders } from "node:http";

/** permessage-deflate as `ws` negotiates it: each message by itself, so that all connections share its bytes. */
export const sharedDeflate = { serverNoContextTakeover: true, clientNoContextTakeover: true } as const;

/**
 * Removes an offer of compression that asks for a smaller window than the shared bytes need. The connection is then
 * uncompressed. Few clients do that.
 */
export function dropNarrowOffer(headers: IncomingHttpHeaders): void {
  const offer = headers["sec-websocket-extensions"];
  if (offer !== undefined && /server_max_window_bits\s*=/i.test(offer)) delete headers["sec-websocket-extensions"];
}
