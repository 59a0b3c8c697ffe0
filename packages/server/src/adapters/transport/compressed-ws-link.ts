import { WebSocket } from "ws";
import type { Batch } from "./batch.ts";
import { WsLink } from "./ws-link.ts";

/** A link whose messages `ws` compresses: it must see each of them, and its own queue keeps their order. */
export class CompressedWsLink extends WsLink {
  override unsentBytes(): number {
    return this.ws.bufferedAmount;
  }

  protected override write(batch: Batch): void {
    if (this.ws.readyState !== WebSocket.OPEN) return;
    for (const message of batch.messages()) this.ws.send(message.text);
  }
}
