import type { IncomingMessage, Server as HttpServer, ServerResponse } from "node:http";
import type { Server as HttpsServer } from "node:https";
import type { Socket } from "node:net";
import type { ListenAddress, Listener, TransportHandlers } from "../../../ports/transport.ts";
import { wantsWebSocket } from "../http/websocket-handshake.ts";
import { isSocketPath } from "../../../core/connections/sockjs-path.ts";
import { SockJs } from "../sockjs/sockjs.ts";
import { XhrTransport } from "../xhr/xhr-transport.ts";
import { NodeHttp } from "./http-server.ts";
import { headWithoutUpgrade } from "./ignore-upgrade.ts";
import type { NodeListenerParts } from "./node-listener.ts";
import { paceReading } from "./paced-reader.ts";
import { PendingReplies } from "./pending-replies.ts";
import { WebSocketUpgrades } from "./websocket-upgrades.ts";

/** An HTTP or HTTPS server of Node.js that another program has created. */
export type SharedServer = HttpServer | HttpsServer;

const ignore = (): void => undefined;

/**
 * A part of an HTTP server that belongs to another program: takes WebSocket handshakes below `/app/` and `/pusher/`, and requests to the
 * server's own paths, and leaves everything else to the program. It sees each request before the listeners of the program do.
 * Never closes the server.
 */
export class SharedHttpServer implements Listener {
  readonly #server: SharedServer;
  readonly #parts: NodeListenerParts;
  readonly #handlers: TransportHandlers;
  readonly #http: NodeHttp;
  readonly #upgrades: WebSocketUpgrades;
  readonly #pending = new PendingReplies();

  constructor(server: SharedServer, parts: NodeListenerParts, handlers: TransportHandlers) {
    const { links, budget, proxies, limits } = parts;
    this.#server = server;
    this.#parts = parts;
    this.#handlers = handlers;
    const sockJs = new SockJs(links.shared.clock, handlers, limits.handshakeTimeoutSeconds);
    const xhr = new XhrTransport(links, handlers, sockJs);
    this.#http = new NodeHttp({ handlers, xhr, budget, proxies, log: links.shared.log });
    this.#upgrades = new WebSocketUpgrades(links, proxies, handlers, sockJs, limits.compression);
    const emitToProgram = server.emit.bind(server) as (event: string, ...values: readonly unknown[]) => boolean;
    const emit = (event: string, ...values: readonly unknown[]): boolean =>
      this.#takes(event, values) || emitToProgram(event, ...values);
    server.emit = emit as SharedServer["emit"];
    // Without a listener, `node:http` answers handshakes as plain requests.
    server.on("upgrade", ignore);
  }

  /** The address of the program's server; port 0 until it listens. */
  get address(): ListenAddress {
    const bound = this.#server.address();
    return bound !== null && typeof bound === "object"
      ? { host: bound.address, port: bound.port }
      : { host: "", port: 0 };
  }

  stopAccepting(): void {
    // The method of the class is there again.
    Reflect.deleteProperty(this.#server, "emit");
    this.#server.off("upgrade", ignore);
  }

  async close(): Promise<void> {
    this.stopAccepting();
    await this.#parts.links.closeAll();
  }

  /** Handles an event of the server. Returns false if it is for the program. */
  #takes(event: string, values: readonly unknown[]): boolean {
    if (event === "request") {
      const [request, response] = values as [IncomingMessage, ServerResponse];
      this.#pending.add(request, response);
      if (!this.#handlers.isOwnPath(pathOf(request))) return false;
      this.#http.serve(request, response);
      return true;
    }
    if (event !== "upgrade") return false;
    const [request, socket, early] = values as [IncomingMessage, Socket, Buffer];
    if (isSocket(pathOf(request)) && wantsWebSocket((name) => request.headers[name] as string | undefined)) {
      this.#pending.whenDone(socket, () => {
        socket.setTimeout(0);
        paceReading(socket, this.#parts.links.shared.turns);
        this.#upgrades.handshake(request, early);
      });
      return true;
    }
    if (this.#server.listenerCount("upgrade") > 1) return false;
    // The program takes no upgrades: the request is read again as a plain one.
    this.#pending.whenDone(socket, () => this.#readAgain(socket, Buffer.concat([headWithoutUpgrade(request), early])));
    return true;
  }

  #readAgain(socket: Socket, bytes: Buffer): void {
    this.#server.emit("connection", socket);
    // Without a listener, the parser of `node:http` would take its bytes past the socket.
    socket.on("data", ignore);
    socket.unshift(bytes);
  }
}

/** Whether WebSockets at this path are for the server. */
function isSocket(path: string): boolean {
  return path.startsWith("/app/") || (path.startsWith("/pusher/") && isSocketPath(path));
}

function pathOf({ url = "/" }: IncomingMessage): string {
  const end = url.indexOf("?");
  return end === -1 ? url : url.slice(0, end);
}
