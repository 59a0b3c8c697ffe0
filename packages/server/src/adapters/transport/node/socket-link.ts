import type { Socket } from "node:net";
import { closeReasons } from "@sealcast/protocol";
import type { OpenLinks } from "../links/open-links.ts";
import { OutboxLink } from "../links/outbox-link.ts";
import type { Batch } from "../outbox/batch.ts";
import { closeText } from "../links/close-reason-text.ts";
import { HeldChunks } from "./held-chunks.ts";
import { writeProgress } from "./write-progress.ts";

/** A link over a WebSocket of Node.js. Writes complete frames directly to the socket. */
export abstract class SocketLink extends OutboxLink {
  protected readonly socket: Socket;
  /** Chunks that wait until the operating system takes more. */
  #held: HeldChunks | undefined;

  constructor(links: OpenLinks, socket: Socket) {
    super(links, links.shared.queue);
    this.socket = socket;
  }

  /** Receives a ping, which was answered, or a pong. */
  control(): void {
    if (this.unsentBytes() > 0) this.noteUnsent();
    this.alive();
  }

  /** Receives a message. */
  message(message: Buffer, isBinary: boolean): void {
    if (isBinary) this.close(closeReasons.binaryMessage.code, closeReasons.binaryMessage.message);
    else this.received(message.toString());
  }

  override unsentBytes(): number {
    return this.socket.writableLength + (this.#held?.bytes ?? 0);
  }

  override progress(): number {
    return writeProgress(this.socket);
  }

  protected override write(batch: Batch): void {
    if (!this.isWritable()) return;
    for (const chunk of this.chunksOf(batch)) {
      if (this.#held !== undefined) this.#held.add(chunk);
      else if (!this.#wasTaken(chunk)) this.#hold(new HeldChunks());
    }
  }

  protected override dropUnsent(): void {
    super.dropUnsent();
    this.#held?.drop();
  }

  protected override finish(code: number, reason: string): void {
    const close = (): void => this.sendClose(code, closeText(reason));
    if (this.#held === undefined || this.#held.bytes === 0) close();
    else this.#held.afterLast(close);
  }

  /** Whether messages may follow what was written: false behind a Close frame. */
  protected abstract isWritable(): boolean;
  /** The frames of a batch as this client takes them. */
  protected abstract chunksOf(batch: Batch): readonly Uint8Array[];
  /** Begins to close the connection with a Close frame. */
  protected abstract sendClose(code: number, reason: string): void;

  /** Holds what is sent from now on until the operating system takes more. */
  #hold(held: HeldChunks): void {
    this.#held = held;
    this.socket.once("drain", () => this.#writeHeld(held));
  }

  #writeHeld(held: HeldChunks): void {
    this.#held = undefined;
    if (!this.isWritable()) return;
    for (let chunk = held.take(); chunk !== undefined; chunk = held.take()) {
      if (!this.#wasTaken(chunk)) return this.#hold(held);
    }
    held.finish();
  }

  /** Writes a chunk. Returns false if the operating system did not take it at once; the socket then emits "drain" later. */
  #wasTaken(chunk: Uint8Array): boolean {
    // The stream returns false for every large chunk.
    return this.socket.write(chunk) || this.socket.writableLength === 0;
  }
}
