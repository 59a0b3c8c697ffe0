import { createServer, type IncomingMessage, type Server } from "node:http";
import type { Duplex } from "node:stream";
import { closeReasons } from "@sealcast/protocol";
import { WebSocketServer, type Server as ServerOf } from "ws";
import { whereOf } from "../../core/fault.ts";
import type { ServerLimits } from "../../core/server-limits.ts";
import type { Log } from "../../ports/log.ts";
import type { ListenAddress, Topic, Transport, TransportHandlers } from "../../ports/transport.ts";
import { CompressedWsLink, dropNarrowOffer, sharedDeflate } from "./compressed-ws-link.ts";
import { FlushQueue } from "./flush-queue.ts";
import { serveHttp } from "./node-http.ts";
import { readTarget } from "./node-request.ts";
import { OutboxTopic } from "./outbox-topic.ts";
import { headWithoutUpgrade, wantsWebSocket } from "./without-upgrade.ts";
import { LinkedWebSocket, WsLink, type WsLinkHost } from "./ws-link.ts";

/** How long a client may take to answer a close before it is cut. */
const closeTimeoutMs = 5000;
/** How long `close` waits for clients to answer. */
const closeGraceMs = 500;
/** Longer than the idle time-outs of common load balancers, which must never meet a connection that is just closing. */
const keepAliveMs = 75_000;
const subProtocol = "pusher-channels-protocol-7";

/**
 * Sockets and HTTP of Node.js: `node:http` with `ws` behind its upgrades, and fan-out of our own.
 *
 * @param limits time-outs, memory limits and compression.
 * @param maxFrameBytes largest message from a client; larger ones close with 1009.
 */
export function createNodeTransport(limits: ServerLimits, maxFrameBytes: number, log: Log): Transport {
  return new NodeTransport(limits, maxFrameBytes, log);
}

class NodeTransport implements Transport, WsLinkHost {
  readonly runtime = `Node.js ${process.versions.node}`;
  readonly queue: FlushQueue;
  readonly #log: Log;
  readonly #links = new Set<WsLink>();
  readonly #http: Server;
  readonly #webSockets: ServerOf<typeof LinkedWebSocket>;
  #closed: Promise<void> | undefined;
  #lastLeft: (() => void) | undefined;

  constructor(limits: ServerLimits, maxFrameBytes: number, log: Log) {
    this.#log = log;
    this.queue = new FlushQueue(limits);
    this.#http = httpServer(limits.handshakeTimeoutSeconds * 1000);
    this.#webSockets = webSocketServer(maxFrameBytes, limits.compression);
  }

  createTopic(): Topic {
    return new OutboxTopic();
  }

  listen(address: ListenAddress, handlers: TransportHandlers): Promise<ListenAddress> {
    this.#http.on("request", (request, response) => serveHttp(request, response, handlers, this.#log));
    this.#http.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head, handlers));
    return new Promise((resolve, reject) => {
      this.#http.once("error", reject);
      this.#http.listen(address.port, address.host, () => {
        this.#http.off("error", reject);
        const bound = this.#http.address();
        resolve(bound !== null && typeof bound === "object" ? { host: bound.address, port: bound.port } : address);
      });
    });
  }

  bufferedBytes(): number {
    return this.queue.bufferedBytes();
  }

  stopAccepting(): void {
    // The callback gets an error where the server never listened: closed is closed.
    this.#closed ??= new Promise((resolve) => {
      this.#http.close(() => resolve());
    });
  }

  async close(): Promise<void> {
    this.stopAccepting();
    await this.#closeLinks();
    for (const link of this.#links) link.destroy();
    this.#http.closeAllConnections();
    await this.#closed;
  }

  left(link: WsLink): void {
    this.#links.delete(link);
    if (this.#links.size === 0) this.#lastLeft?.();
  }

  failed(error: unknown): void {
    this.#log.error("session.failed", { where: whereOf(error) });
  }

  /** Closes what is open, and gives clients a moment to answer: closes that were asked for before are to arrive, too. */
  #closeLinks(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#links.size === 0) return resolve();
      const grace = setTimeout(resolve, closeGraceMs);
      this.#lastLeft = () => {
        clearTimeout(grace);
        resolve();
      };
      for (const link of this.#links) link.close(closeReasons.shuttingDown.code, closeReasons.shuttingDown.message);
    });
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, handlers: TransportHandlers): void {
    if (!wantsWebSocket(request)) {
      socket.unshift(Buffer.concat([headWithoutUpgrade(request), head]));
      this.#http.emit("connection", socket);
      return;
    }
    dropNarrowOffer(request);
    this.#webSockets.handleUpgrade(request, socket, head, (ws) => {
      const link = new (ws.extensions === "" ? WsLink : CompressedWsLink)(this, ws, request.socket);
      this.#links.add(link);
      try {
        link.attach(handlers.open(readTarget(request), link));
      } catch (error) {
        this.failed(error);
        link.destroy();
      }
    });
  }
}

function httpServer(handshakeMs: number): Server {
  return createServer({
    headersTimeout: handshakeMs,
    requestTimeout: handshakeMs,
    connectionsCheckingInterval: Math.ceil(handshakeMs / 4),
    keepAliveTimeout: keepAliveMs,
  });
}

function webSocketServer(maxFrameBytes: number, compression: boolean): ServerOf<typeof LinkedWebSocket> {
  const options = {
    noServer: true,
    clientTracking: false,
    // Not in the type yet.
    closeTimeout: closeTimeoutMs,
    maxPayload: maxFrameBytes,
    perMessageDeflate: compression && sharedDeflate,
    WebSocket: LinkedWebSocket,
    handleProtocols: (offered: ReadonlySet<string>) => (offered.has(subProtocol) ? subProtocol : false),
  } as const;
  return new WebSocketServer(options);
}
