import { Server, type ServerOptions, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { TurnBudget } from "../../links/turn-budget.ts";
import { PacedSocket } from "../paced-socket.ts";
import { FastPathConnection, type FastPathHandlers, type FastPathHost } from "./fast-path-connection.ts";

const noBytes = Buffer.alloc(0);
const ignore = (): void => undefined;

/**
 * An `http.Server` with a fast path: it parses simple WebSocket handshakes and publish requests itself, because the
 * request and response objects of `node:http` cost more than everything else that is done for them. Any other request,
 * and everything after it on that connection, goes to `node:http`. Without `useFastPath`, everything does.
 */
export class FastPathServer extends Server implements FastPathHost {
  readonly #turns: TurnBudget;
  readonly #idleTimeoutMs: number;
  readonly #connections = new Set<FastPathConnection>();
  #handlers: FastPathHandlers | undefined;

  /**
   * @param turns the time that all connections have for their input.
   * @param idleTimeoutMs idle timeout before the first request, in milliseconds.
   */
  constructor(options: ServerOptions, turns: TurnBudget, idleTimeoutMs: number) {
    super(options);
    this.#turns = turns;
    this.#idleTimeoutMs = idleTimeoutMs;
  }

  /** Passes simple requests of later connections to `handlers`. */
  useFastPath(handlers: FastPathHandlers): void {
    this.#handlers = handlers;
  }

  override emit(event: string, ...values: readonly unknown[]): boolean {
    if (event === "request" && !this.listening) (values[1] as ServerResponse).shouldKeepAlive = false;
    if (event !== "connection") return super.emit(event, ...values);
    const socket = PacedSocket.pace(values[0] as Socket, this.#turns);
    if (this.#handlers === undefined) this.passToNodeHttp(socket, noBytes);
    else this.#connections.add(new FastPathConnection(this, this.#handlers, socket, this.#idleTimeoutMs));
    return true;
  }

  passToNodeHttp(socket: PacedSocket, bytes: Buffer): void {
    super.emit("connection", socket);
    // Without a listener, the parser of `node:http` would take its bytes past the socket.
    socket.on("data", ignore);
    socket.readInSlices(bytes);
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
