import { Server, type ServerOptions, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { FastPathConnection, type FastPathHandlers, type FastPathHost } from "./fast-path-connection.ts";

const noBytes = Buffer.alloc(0);
/** How the sockets of a server are read. */
export interface Pacing {
  /** Makes a new socket share its time with others. */
  pace(socket: Socket): void;
  /** Passes the input of a socket on in small pieces from now on, beginning with `first`. */
  readInPieces(socket: Socket, first: Buffer): void;
}

const ignore = (): void => undefined;

/**
 * An `http.Server` with a fast path: it parses simple WebSocket handshakes and publish requests itself, because the
 * request and response objects of `node:http` cost more than everything else that is done for them. Any other request,
 * and everything after it on that connection, goes to `node:http`. Without `useFastPath`, everything does.
 */
export class FastPathServer extends Server implements FastPathHost {
  readonly #pacing: Pacing;
  readonly #idleTimeoutMs: number;
  readonly #connections = new Set<FastPathConnection>();
  #handlers: FastPathHandlers | undefined;

  /**
   * @param idleTimeoutMs idle timeout before the first request, in milliseconds.
   */
  constructor(options: ServerOptions, pacing: Pacing, idleTimeoutMs: number) {
    super(options);
    this.#pacing = pacing;
    this.#idleTimeoutMs = idleTimeoutMs;
  }

  /** Passes simple requests of later connections to `handlers`. */
  useFastPath(handlers: FastPathHandlers): void {
    this.#handlers = handlers;
  }

  override emit(event: string, ...values: readonly unknown[]): boolean {
    if (event === "request" && !this.listening) (values[1] as ServerResponse).shouldKeepAlive = false;
    if (event !== "connection") return super.emit(event, ...values);
    const socket = values[0] as Socket;
    this.#pacing.pace(socket);
    if (this.#handlers === undefined) this.passToNodeHttp(socket, noBytes);
    else this.#connections.add(new FastPathConnection(this, this.#handlers, socket, this.#idleTimeoutMs));
    return true;
  }

  passToNodeHttp(socket: Socket, bytes: Buffer): void {
    super.emit("connection", socket);
    // Without a listener, the parser of `node:http` would take its bytes past the socket.
    socket.on("data", ignore);
    this.#pacing.readInPieces(socket, bytes);
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
