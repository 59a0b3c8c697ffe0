import type { IncomingHttpHeaders } from "node:http";
import type { Batch } from "../outbox/batch.ts";
import { WsLink } from "./websocket-link.ts";

/** A link whose client takes compressed messages. */
export class CompressedWsLink extends WsLink {
  protected override chunksOf(batch: Batch): readonly Uint8Array[] {
    return batch.deflatedChunks();
  }
}

/** permessage-deflate as `ws` is to negotiate it: each message on its own, so that all connections share its bytes. */
export const sharedDeflate = { serverNoContextTakeover: true, clientNoContextTakeover: true } as const;

/**
 * Drops an offer of compression that asks for a smaller window than the shared bytes need; the connection then is a plain
 * one. Few clients do that.
 */
export function dropNarrowOffer(headers: IncomingHttpHeaders): void {
  const offer = headers["sec-websocket-extensions"];
  if (offer !== undefined && /server_max_window_bits\s*=/i.test(offer)) delete headers["sec-websocket-extensions"];
}
