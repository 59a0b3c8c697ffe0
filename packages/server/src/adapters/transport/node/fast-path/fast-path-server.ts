import { Server, type ServerOptions, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Clock } from "../../../../ports/clock.ts";
import { FastPathConnection, type FastPathHandlers, type FastPathHost } from "./fast-path-connection.ts";

const noBytes = Buffer.alloc(0);
/** How the sockets of a server are read. */
export interface Pacing {
  /** Makes a new socket share its time with others. */
  pace(socket: Socket): void;
  /** Passes the input of a socket on in small pieces from now on, beginning with `first`. */
  readInPieces(socket: Socket, first: Buffer): void;
}

/** How often connections are checked within the time that they may wait. */
const checksPerTimeout = 4;

/** How long idle connections of a server that lingers stay open, in milliseconds: longer than a busy publisher pauses. */
const lingerMs = 150;

const ignore = (): void => undefined;

/**
 * An `http.Server` with a fast path: it parses simple WebSocket handshakes and publish requests itself, because the
 * request and response objects of `node:http` cost more than everything else that is done for them. Any other request,
 * and everything after it on that connection, goes to `node:http`. Without `useFastPath`, everything does.
 */
export class FastPathServer extends Server implements FastPathHost {
  readonly #pacing: Pacing;
  readonly #clock: Clock;
  /** Idle timeout before the first request, in milliseconds. */
  readonly idleTimeout: number;
  readonly #connections = new Set<FastPathConnection>();
  #handlers: FastPathHandlers | undefined;
  #stopChecks: (() => void) | undefined;
  #lingersUntilMs = 0;

  /**
   * @param idleTimeout idle timeout before the first request, in milliseconds.
   */
  constructor(options: ServerOptions, pacing: Pacing, idleTimeout: number, clock: Clock) {
    super(options);
    this.#pacing = pacing;
    this.idleTimeout = idleTimeout;
    this.#clock = clock;
  }

  nowMs(): number {
    return this.#clock.monotonicNow();
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
    else this.#begin(new FastPathConnection(this, this.#handlers, socket));
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

  /**
   * Keeps idle connections for a moment, although the server closes: a client may be sending its next request, which is then
   * answered as the last one of its connection.
   */
  linger(): void {
    this.#lingersUntilMs = this.nowMs() + lingerMs;
  }

  override closeIdleConnections(): void {
    if (this.nowMs() < this.#lingersUntilMs) return;
    super.closeIdleConnections();
    for (const connection of this.#connections) connection.closeIdle();
  }

  override closeAllConnections(): void {
    super.closeAllConnections();
    for (const connection of this.#connections) connection.destroy();
  }

  /** One timer checks all connections: one for each would cost memory. */
  #begin(connection: FastPathConnection): void {
    this.#connections.add(connection);
    this.#stopChecks ??= this.#clock.every(Math.ceil(this.idleTimeout / checksPerTimeout), () => this.#checkIdle());
  }

  #checkIdle(): void {
    const nowMs = this.nowMs();
    for (const connection of this.#connections) connection.checkIdle(nowMs);
    if (this.#connections.size > 0) return;
    this.#stopChecks?.();
    this.#stopChecks = undefined;
  }
}
