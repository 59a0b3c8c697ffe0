import type { Socket } from "node:net";
import { closeReasons, type CloseReason } from "@sealcast/protocol";
import { WebSocket } from "ws";
import type { Batch } from "../outbox/batch.ts";
import { closeText } from "../links/close-reason-text.ts";
import { HeldChunks } from "./held-chunks.ts";
import type { OpenLinks } from "../links/open-links.ts";
import { Outbox } from "../outbox/outbox.ts";
import { writeProgress } from "./write-progress.ts";
import type { ReadPace } from "../links/read-fairness.ts";

/** Violations that `ws` closes with a code, but without a reason. */
const violations: readonly CloseReason[] = [closeReasons.messageTooBig, closeReasons.invalidUtf8];

/**
 * The WebSocket of a link. Hands its events straight to the link: listeners would cost each connection a table of its own,
 * and an `error` without one would end the process. `ws` answers protocol errors with the close code that fits.
 */
export class LinkedWebSocket extends WebSocket {
  link: WsLink | undefined;

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
        this.link?.control(values[0] as Buffer);
        break;
      case "close":
        this.link?.ended();
        break;
    }
    return true;
  }
}

/**
 * A link over a WebSocket of `ws`. Complete frames go straight to the socket below, where `ws` itself writes nothing but
 * whole control frames.
 */
export class WsLink extends Outbox {
  readonly #ws: LinkedWebSocket;
  readonly #socket: Socket;
  readonly #pace: ReadPace;
  /** What waits while the operating system takes nothing. */
  #held: HeldChunks | undefined;

  constructor(links: OpenLinks, ws: LinkedWebSocket, socket: Socket) {
    super(links);
    this.#ws = ws;
    this.#socket = socket;
    this.#pace = links.pace;
    ws.link = this;
  }

  /** A ping or a pong came in. */
  control(payload: Buffer): void {
    this.#pace.count(this.#ws, payload.length);
    this.alive();
  }

  /** A message came in. */
  message(message: Buffer, isBinary: boolean): void {
    this.#pace.count(this.#ws, message.length);
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
    for (const chunk of this.chunksOf(batch)) {
      if (this.#held !== undefined) this.#held.add(chunk);
      else if (!this.#wasTaken(chunk)) this.#hold(new HeldChunks());
    }
  }

  protected override dropUnsent(): void {
    super.dropUnsent();
    this.#held?.drop();
  }

  protected chunksOf(batch: Batch): readonly Uint8Array[] {
    return batch.chunks();
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
