import type { Socket } from "node:net";
import { closeReasons, type CloseReason } from "@sealcast/protocol";
import { WebSocket } from "ws";
import { closeText } from "../links/close-reason-text.ts";
import { HeldChunks } from "./held-chunks.ts";
import type { OpenLinks } from "../links/open-links.ts";
import { OutboxLink } from "../links/outbox-link.ts";
import type { Batch } from "../outbox/batch.ts";
import { writeProgress } from "./write-progress.ts";

/** Violations that `ws` closes with a code, but without a reason. */
const violations: readonly CloseReason[] = [closeReasons.messageTooBig, closeReasons.invalidUtf8];

/**
 * The WebSocket of a link. Passes its events directly to the link: listeners would cost each connection a table of its own,
 * and an `error` event without a listener would end the process. `ws` answers protocol errors with the matching close code.
 */
export class LinkedWebSocket extends WebSocket {
  link: WebSocketLink | undefined;

  /** `ws` calls this itself when the client's Close frame has arrived, and when the client violates the protocol. */
  override close(code?: number, data?: string | Buffer): void {
    const reason = data === undefined ? violations.find((one) => one.code === code) : undefined;
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

/**
 * A link over a WebSocket of `ws`. Writes complete frames directly to the socket, on which `ws` itself writes only whole
 * control frames.
 */
export class WebSocketLink extends OutboxLink {
  readonly #ws: LinkedWebSocket;
  readonly #socket: Socket;
  readonly #frames: "plain" | "deflated";
  /** Chunks that wait until the operating system takes more. */
  #held: HeldChunks | undefined;

  /** @param frames whether the client accepts compressed messages. */
  constructor(links: OpenLinks, ws: LinkedWebSocket, socket: Socket, frames: "plain" | "deflated") {
    super(links, links.shared.queue);
    this.#ws = ws;
    this.#socket = socket;
    this.#frames = frames;
    ws.link = this;
  }

  /** Receives a ping or a pong. */
  control(): void {
    // `ws` has answered a ping.
    if (this.unsentBytes() > 0) this.noteUnsent();
    this.alive();
  }

  /** Receives a message. */
  message(message: Buffer, isBinary: boolean): void {
    if (isBinary) this.close(closeReasons.binaryMessage.code, closeReasons.binaryMessage.message);
    else this.received(message.toString());
  }

  override unsentBytes(): number {
    return this.#socket.writableLength + (this.#held?.bytes ?? 0);
  }

  override progress(): number {
    return writeProgress(this.#socket);
  }

  override destroy(): void {
    this.#ws.terminate();
  }

  protected override write(batch: Batch): void {
    if (this.#ws.readyState !== WebSocket.OPEN) return;
    const chunks = this.#frames === "plain" ? batch.chunks() : batch.deflatedChunks();
    for (const chunk of chunks) {
      if (this.#held !== undefined) this.#held.add(chunk);
      else if (!this.#wasTaken(chunk)) this.#hold(new HeldChunks());
    }
  }

  protected override dropUnsent(): void {
    super.dropUnsent();
    this.#held?.drop();
  }

  protected override finish(code: number, reason: string): void {
    const close = (): void => this.#ws.close(code, closeText(reason));
    if (this.#held === undefined || this.#held.bytes === 0) close();
    else this.#held.afterLast(close);
  }

  /** Holds what is sent from now on until the operating system takes more. */
  #hold(held: HeldChunks): void {
    this.#held = held;
    this.#socket.once("drain", () => this.#writeHeld(held));
  }

  #writeHeld(held: HeldChunks): void {
    this.#held = undefined;
    // Nothing follows a Close frame.
    if (this.#ws.readyState !== WebSocket.OPEN) return;
    for (let chunk = held.take(); chunk !== undefined; chunk = held.take()) {
      if (!this.#wasTaken(chunk)) return this.#hold(held);
    }
    held.finish();
  }

  /** Writes a chunk. Returns false if the operating system did not take it at once; the socket then emits "drain" later. */
  #wasTaken(chunk: Uint8Array): boolean {
    // The stream returns false for every large chunk.
    return this.#socket.write(chunk) || this.#socket.writableLength === 0;
  }
}
