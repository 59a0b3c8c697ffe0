import type { Socket } from "node:net";
import type { CloseReason } from "@sealcast/protocol";
import type { OpenLinks } from "../links/open-links.ts";
import { frame } from "../outbox/text-frame.ts";
import type { Batch } from "../outbox/batch.ts";
import { closeTimeoutMs, reasonOfViolation } from "./close-frame.ts";
import { ownSocket, type SocketOwner } from "./fast-path/socket-owner.ts";
import { FrameReader, type FrameEvents } from "./frame-reader.ts";
import { SocketLink } from "./socket-link.ts";

/** First bytes of final control frames (RFC 6455, 5.2). */
const finalClose = 0x88;
const finalPong = 0x8a;

/** A link over a WebSocket without compression, whose frames this server reads itself. */
export class PlainLink extends SocketLink implements FrameEvents, SocketOwner {
  readonly #links: OpenLinks;
  readonly #reader: FrameReader;
  #state: "open" | "close-sent" | "over" = "open";

  /** Begins to read the socket. */
  constructor(links: OpenLinks, socket: Socket, maxMessageBytes: number) {
    super(links, socket);
    this.#links = links;
    this.#reader = new FrameReader(this, maxMessageBytes);
    ownSocket(socket, this);
  }

  read(chunk: Buffer): void {
    this.#reader.read(chunk);
  }

  ping(payload: Buffer): void {
    if (this.#state === "open") this.socket.write(frame(finalPong, payload));
    this.control();
  }

  pong(): void {
    this.control();
  }

  closing(code: number | undefined): void {
    if (this.#state === "open") this.#writeClose(code, "");
    this.#end(undefined);
  }

  violated(code: number): void {
    const reason = reasonOfViolation(code);
    if (this.#state === "open") this.#writeClose(code, reason?.message ?? "");
    this.#end(reason);
  }

  override destroy(): void {
    this.socket.destroy();
  }

  protected override isWritable(): boolean {
    return this.#state === "open";
  }

  protected override chunksOf(batch: Batch): readonly Uint8Array[] {
    return batch.chunks();
  }

  protected override sendClose(code: number, reason: string): void {
    if (this.#state !== "open") return;
    this.#writeClose(code, reason);
    this.endSession();
  }

  #writeClose(code: number | undefined, reason: string): void {
    this.#state = "close-sent";
    this.socket.write(frame(finalClose, closePayload(code, reason)));
    const cancel = this.#links.shared.clock.after(closeTimeoutMs, () => this.socket.destroy());
    this.socket.once("close", cancel);
  }

  /** Both sides have said everything. */
  #end(reason: CloseReason | undefined): void {
    this.#state = "over";
    this.endSession(reason);
    this.socket.end();
  }
}

function closePayload(code: number | undefined, reason: string): Uint8Array {
  if (code === undefined) return new Uint8Array(0);
  const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
  payload.writeUInt16BE(code);
  payload.write(reason, 2);
  return payload;
}
