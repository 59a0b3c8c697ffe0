import type { Socket } from "node:net";
import { WebSocket } from "ws";
import type { OpenLinks } from "../links/open-links.ts";
import type { Batch } from "../outbox/batch.ts";
import { reasonOfViolation } from "./close-frame.ts";
import { SocketLink } from "./socket-link.ts";

/**
 * The WebSocket of a link. Passes its events directly to the link: listeners would cost each connection a table of its own,
 * and an `error` event without a listener would end the process. `ws` answers protocol errors with the matching close code.
 */
export class LinkedWebSocket extends WebSocket {
  link: CompressedLink | undefined;

  /** `ws` calls this itself when the client's Close frame has arrived, and, without a reason, when the client violates the protocol. */
  override close(code?: number, data?: string | Buffer): void {
    const reason = data === undefined ? reasonOfViolation(code) : undefined;
    super.close(code, reason?.message ?? data);
    this.link?.endSession(reason);
  }

  override emit(event: string | symbol, ...values: readonly unknown[]): boolean {
    switch (event) {
      case "message":
        this.link?.message(values[0] as Buffer, values[1] as boolean);
        break;
      case "ping":
      case "pong":
        this.link?.control();
        break;
      case "close":
        this.link?.ended();
        break;
    }
    return true;
  }
}

/** A link over a WebSocket of `ws`, which reads compressed frames. `ws` itself writes only whole control frames. */
export class CompressedLink extends SocketLink {
  readonly #ws: LinkedWebSocket;

  constructor(links: OpenLinks, ws: LinkedWebSocket, socket: Socket) {
    super(links, socket);
    this.#ws = ws;
    ws.link = this;
  }

  override destroy(): void {
    this.#ws.terminate();
  }

  protected override isWritable(): boolean {
    return this.#ws.readyState === WebSocket.OPEN;
  }

  /** Not every client has accepted the offer of compression. */
  protected override chunksOf(batch: Batch): readonly Uint8Array[] {
    return this.#ws.extensions === "" ? batch.chunks() : batch.deflatedChunks();
  }

  protected override sendClose(code: number, reason: string): void {
    this.#ws.close(code, reason);
  }
}
