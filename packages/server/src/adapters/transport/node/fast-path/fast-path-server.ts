import { Server, type ServerOptions, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { HttpReply } from "../../../../ports/transport.ts";
import type { ReadRequest } from "../../http/request-target.ts";
import { Visitor } from "./fast-path-connection.ts";

/** What nearly all that a busy server is asked is. */
export interface HotRequests {
  /** A WebSocket handshake; `early` is what came behind it. */
  handshake(request: ReadRequest, early: Buffer): void;
  /** A publish with its whole body. Never throws or rejects. */
  publish(request: ReadRequest, body: Buffer): HttpReply | Promise<HttpReply>;
}

/**
 * The server of `node:http`, but that it reads WebSocket handshakes and publishes itself where they are plain and come in
 * one piece: the machinery of requests and responses costs more than everything else that is done for them. From the
 * first other request on, a connection is `node:http`'s.
 */
export class FrontDoor extends Server {
  readonly #patienceMs: number;
  readonly #visitors = new Set<Visitor>();
  #hot: HotRequests | undefined;

  /** @param patienceMs how long a connection may say nothing at first. */
  constructor(options: ServerOptions, patienceMs: number) {
    super(options);
    this.#patienceMs = patienceMs;
  }

  /** From here on, hands hot requests to `hot`. */
  receive(hot: HotRequests): void {
    this.#hot = hot;
  }

  override emit(event: string, ...values: readonly unknown[]): boolean {
    if (event === "request" && !this.listening) (values[1] as ServerResponse).shouldKeepAlive = false;
    if (event !== "connection" || this.#hot === undefined) return super.emit(event, ...values);
    this.#visitors.add(new Visitor(this, this.#hot, values[0] as Socket, this.#patienceMs));
    return true;
  }

  /** Has `node:http` read a connection, beginning with these bytes. */
  handOn(socket: Socket, bytes: Buffer): void {
    socket.pause();
    socket.unshift(bytes);
    super.emit("connection", socket);
    socket.resume();
  }

  /** A connection ended, or was handed on. */
  forget(visitor: Visitor): void {
    this.#visitors.delete(visitor);
  }

  override closeIdleConnections(): void {
    super.closeIdleConnections();
    for (const visitor of this.#visitors) visitor.closeIdle();
  }

  override closeAllConnections(): void {
    super.closeAllConnections();
    for (const visitor of this.#visitors) visitor.destroy();
  }
}
