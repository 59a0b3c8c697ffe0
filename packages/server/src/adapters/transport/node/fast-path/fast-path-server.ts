import { Server, type ServerOptions, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { FastPathConnection, type FastPathHandlers, type FastPathHost } from "./fast-path-connection.ts";

/**
 * An `http.Server` with a fast path: it parses simple WebSocket handshakes and publish requests itself, because the
 * request and response objects of `node:http` cost more than everything else that is done for them. Any other request,
 * and everything after it on that connection, goes to `node:http`. Without `useFastPath`, everything does.
 */
export class FastPathServer extends Server implements FastPathHost {
  readonly #idleTimeoutMs: number;
  readonly #connections = new Set<FastPathConnection>();
  #handlers: FastPathHandlers | undefined;

  /** @param idleTimeoutMs idle timeout before the first request, in milliseconds. */
  constructor(options: ServerOptions, idleTimeoutMs: number) {
    super(options);
    this.#idleTimeoutMs = idleTimeoutMs;
  }

  /** Passes simple requests of later connections to `handlers`. */
  useFastPath(handlers: FastPathHandlers): void {
    this.#handlers = handlers;
  }

  override emit(event: string, ...values: readonly unknown[]): boolean {
    if (event === "request" && !this.listening) (values[1] as ServerResponse).shouldKeepAlive = false;
    if (event !== "connection" || this.#handlers === undefined) return super.emit(event, ...values);
    this.#connections.add(new FastPathConnection(this, this.#handlers, values[0] as Socket, this.#idleTimeoutMs));
    return true;
  }

  passToNodeHttp(socket: Socket, bytes: Buffer): void {
    socket.pause();
    socket.unshift(bytes);
    super.emit("connection", socket);
    socket.resume();
  }

  forget(connection: FastPathConnection): void {
    this.#connections.delete(connection);
  }

  override closeIdleConnections(): void {
    super.closeIdleConnections();
    for (const connection of this.#connections) connection.closeIdle();
  }

  override closeAllConnections(): void {
    super.closeAllConnections();
    for (const connection of this.#connections) connection.destroy();
  }
}
