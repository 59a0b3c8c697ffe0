import type { Socket } from "node:net";
import { closeReasons } from "@sealcast/protocol";
import { WebSocket } from "ws";
import type { Batch } from "./batch.ts";
import { closeText } from "./close-text.ts";
import type { OpenLinks } from "./open-links.ts";
import { Outbox } from "./outbox.ts";

/** The WebSocket of a link; knows its link, so that all connections share the listeners below. */
export class LinkedWebSocket extends WebSocket {
  link: WsLink | undefined;
}

/**
 * A link over a WebSocket of `ws`. Complete frames go straight to the socket below, where `ws` itself writes nothing but
 * whole control frames.
 */
export class WsLink extends Outbox {
  readonly #ws: LinkedWebSocket;
  readonly #socket: Socket;

  constructor(links: OpenLinks, ws: LinkedWebSocket, socket: Socket) {
    super(links);
    this.#ws = ws;
    this.#socket = socket;
    ws.link = this;
    ws.on("message", onMessage);
    ws.on("ping", onAlive);
    ws.on("pong", onAlive);
    ws.on("error", onError);
    ws.on("close", onClose);
  }

  override unsentBytes(): number {
    return this.#socket.writableLength;
  }

  override destroy(): void {
    this.#ws.terminate();
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
  const link = linkOf(this);
  if (isBinary) link?.close(closeReasons.binaryMessage.code, closeReasons.binaryMessage.message);
  else link?.received(message.toString());
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
