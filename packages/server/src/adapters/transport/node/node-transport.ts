import type { IncomingMessage } from "node:http";
import { WebSocketServer, type Server as ServerOf } from "ws";
import type { ServerSettings } from "../../../core/server-settings.ts";
import type { Log } from "../../../ports/log.ts";
import type { ListenAddress, Topic, Transport, TransportHandlers } from "../../../ports/transport.ts";
import { BodyBudget } from "../http/body-budget.ts";
import { CompressedWsLink, dropNarrowOffer, sharedDeflate } from "./compressed-websocket-link.ts";
import { FrontDoor } from "./fast-path/fast-path-server.ts";
import { HttpFallback } from "../xhr/xhr-transport.ts";
import { keepAliveSeconds } from "../http/transport-replies.ts";
import { NodeHttp } from "./http-server.ts";
import { readTarget, type ReadRequest } from "../http/request-target.ts";
import { closeGraceMs, OpenLinks } from "../links/open-links.ts";
import { OutboxTopic } from "../outbox/outbox-topic.ts";
import { headWithoutUpgrade, wantsWebSocket } from "./ignore-upgrade.ts";
import { LinkedWebSocket, WsLink } from "./websocket-link.ts";

/** How long a client may take to answer a close before it is cut. */
const closeTimeoutMs = 5_000;
/** How often connections that have nothing to do any more are ended when everything closes. */
const idleCheckMs = 20;
const subProtocol = "pusher-channels-protocol-7";

/**
 * Sockets and HTTP of Node.js: `node:http` with `ws` behind its upgrades, and fan-out of our own.
 *
 * @param limits time-outs, memory limits and compression.
 * @param maxFrameBytes largest message from a client; larger ones close with 1009.
 */
export function createNodeTransport(limits: ServerSettings, maxFrameBytes: number, log: Log): Transport {
  return new NodeTransport(limits, maxFrameBytes, log);
}

class NodeTransport implements Transport {
  readonly runtime = `Node.js ${process.versions.node}`;
  readonly #log: Log;
  readonly #links: OpenLinks;
  readonly #budget: BodyBudget;
  readonly #maxFrameBytes: number;
  readonly #http: FrontDoor;
  readonly #webSockets: ServerOf<typeof LinkedWebSocket>;
  #closed: Promise<void> | undefined;

  constructor(limits: ServerSettings, maxFrameBytes: number, log: Log) {
    this.#log = log;
    this.#links = new OpenLinks(limits, log);
    this.#budget = new BodyBudget(limits.maxBufferedBytes);
    this.#maxFrameBytes = maxFrameBytes;
    this.#http = httpServer(limits.handshakeTimeoutSeconds * 1_000);
    this.#webSockets = webSocketServer(maxFrameBytes, limits.compression);
  }

  createTopic(): Topic {
    return new OutboxTopic();
  }

  listen(address: ListenAddress, handlers: TransportHandlers): Promise<ListenAddress> {
    const fallback = new HttpFallback(this.#links, handlers, this.#maxFrameBytes);
    const http = new NodeHttp(fallback, this.#budget, this.#log);
    this.#http.on("request", (request, response) => http.serve(request, response));
    this.#http.on("upgrade", (request, _, early) => this.#upgrade(request, early, handlers));
    this.#http.receive({
      handshake: (request, early) => this.#shakeHands(request, early, handlers),
      publish: (request, body) => http.answer(request, body),
    });
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
    return this.#links.queue.bufferedBytes();
  }

  stopAccepting(): void {
    // The callback gets an error where the server never listened: closed is closed.
    this.#closed ??= new Promise((resolve) => {
      this.#http.close(() => resolve());
    });
  }

  async close(): Promise<void> {
    this.stopAccepting();
    await this.#links.closeAll();
    // What is being answered may be finished.
    const idle = setInterval(() => this.#http.closeIdleConnections(), idleCheckMs);
    const grace = setTimeout(() => this.#http.closeAllConnections(), closeGraceMs);
    await this.#closed;
    clearInterval(idle);
    clearTimeout(grace);
  }

  #upgrade(request: IncomingMessage, early: Buffer, handlers: TransportHandlers): void {
    if (wantsWebSocket(request)) this.#shakeHands(request, early, handlers);
    else this.#http.handOn(request.socket, Buffer.concat([headWithoutUpgrade(request), early]));
  }

  #shakeHands(request: ReadRequest, early: Buffer, handlers: TransportHandlers): void {
    const { socket } = request;
    dropNarrowOffer(request.headers);
    // The answer to the upgrade and the greeting leave in one write.
    socket.cork();
    // Of a request, `ws` reads method and headers alone.
    this.#webSockets.handleUpgrade(request as IncomingMessage, socket, early, (ws) => {
      const link = new (ws.extensions === "" ? WsLink : CompressedWsLink)(this.#links, ws, socket);
      this.#links.open(link, readTarget(request), handlers);
      link.handOn();
    });
    socket.uncork();
  }
}

function httpServer(handshakeMs: number): FrontDoor {
  const options = {
    headersTimeout: handshakeMs,
    requestTimeout: handshakeMs,
    connectionsCheckingInterval: Math.ceil(handshakeMs / 4),
    keepAliveTimeout: keepAliveSeconds * 1_000,
  };
  return new FrontDoor(options, handshakeMs);
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
