import type { Socket } from "node:net";
import { closeReasons } from "@sealcast/protocol";
import { WebSocket } from "ws";
import type { LinkEvents } from "../../ports/transport.ts";
import type { Batch } from "./batch.ts";
import { closeText } from "./close-text.ts";
import type { FlushQueue } from "./flush-queue.ts";
import { Outbox } from "./outbox.ts";

/** The WebSocket of a link; knows its link, so that all connections share the listeners below. */
export class LinkedWebSocket extends WebSocket {
  link: WsLink | undefined;
}

/** Who keeps the links of a transport. */
export interface WsLinkHost {
  readonly queue: FlushQueue;
  /** The link's client is gone. */
  left(link: WsLink): void;
  /** The session behind the link threw. */
  failed(error: unknown): void;
}

/**
 * A link over a WebSocket of `ws`. Complete frames go straight to the socket below, where `ws` itself writes nothing but
 * whole control frames.
 */
export class WsLink extends Outbox {
  readonly #ws: LinkedWebSocket;
  readonly #socket: Socket;
  readonly #host: WsLinkHost;
  #events: LinkEvents | undefined;

  constructor(host: WsLinkHost, ws: LinkedWebSocket, socket: Socket) {
    super(host.queue);
    this.#host = host;
    this.#ws = ws;
    this.#socket = socket;
  }

  /** Begins to report to the session. */
  attach(events: LinkEvents): void {
    this.#events = events;
    this.#ws.link = this;
    this.#ws.on("message", onMessage);
    this.#ws.on("ping", onAlive);
    this.#ws.on("pong", onAlive);
    this.#ws.on("error", onError);
    this.#ws.on("close", onClose);
  }

  override unsentBytes(): number {
    return this.#socket.writableLength;
  }

  override destroy(): void {
    this.#ws.terminate();
  }

  /** A message came in. */
  received(message: Buffer, isBinary: boolean): void {
    if (!this.open) return;
    if (isBinary) {
      this.close(closeReasons.binaryMessage.code, closeReasons.binaryMessage.message);
      return;
    }
    try {
      this.#events?.receive(message.toString());
    } catch (error) {
      this.#host.failed(error);
      this.destroy();
    }
  }

  /** A ping or pong came in. */
  alive(): void {
    this.#events?.alive();
  }

  /** The connection ended. */
  ended(): void {
    this.#ws.link = undefined;
    this.release();
    this.#host.left(this);
    try {
      this.#events?.closed();
    } catch (error) {
      this.#host.failed(error);
    }
  }

  protected override write(batch: Batch): void {
    if (this.#ws.readyState !== WebSocket.OPEN) return;
    const chunks = this.chunksOf(batch);
    const socket = this.#socket;
    if (chunks.length > 1) socket.cork();
    for (const chunk of chunks) socket.write(chunk);
    if (chunks.length > 1) socket.uncork();
  }

  protected chunksOf(batch: Batch): readonly Uint8Array[] {
    return batch.chunks();
  }

  protected override finish(code: number, reason: string): void {
    this.#ws.close(code, closeText(reason));
  }
}

function onMessage(this: WebSocket, message: Buffer, isBinary: boolean): void {
  linkOf(this)?.received(message, isBinary);
}

function onAlive(this: WebSocket): void {
  linkOf(this)?.alive();
}

/** Protocol errors and lost connections: `ws` closes by itself, with the code that fits. */
function onError(): void {}

function onClose(this: WebSocket): void {
  linkOf(this)?.ended();
}

function linkOf(ws: WebSocket): WsLink | undefined {
  return ws instanceof LinkedWebSocket ? ws.link : undefined;
}
