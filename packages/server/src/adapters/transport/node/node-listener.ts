import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { WebSocketServer, type Server as ServerOf } from "ws";
import type { ServerSettings } from "../../../core/server-settings.ts";
import type { HttpReply, ListenAddress, Listener, TransportHandlers } from "../../../ports/transport.ts";
import type { BodyBudget } from "../http/body-budget.ts";
import { handshakeProblem, wantsWebSocket } from "../http/websocket-handshake.ts";
import { isRelativePath } from "../http/path-problem.ts";
import type { TrustedProxies } from "../http/trusted-proxies.ts";
import { NodeRequest, type NodeRequestHead } from "../http/node-request.ts";
import { closeGraceMs, type OpenLinks } from "../links/open-links.ts";
import type { TurnBudget } from "../links/turn-budget.ts";
import { XhrTransport } from "../xhr/xhr-transport.ts";
import { dropNarrowOffer, sharedDeflate } from "./compression.ts";
import { FastPathServer } from "./fast-path/fast-path-server.ts";
import { responseHead } from "./fast-path/response-head.ts";
import { NodeHttp } from "./http-server.ts";
import { headWithoutUpgrade } from "./ignore-upgrade.ts";
import { paceReading, readInPieces } from "./paced-reader.ts";
import { PendingReplies } from "./pending-replies.ts";
import { LinkedWebSocket, WebSocketLink } from "./websocket-link.ts";

/** How long a client may take to answer a close before it is cut. */
const closeTimeoutMs = 5_000;
/** How often idle connections are ended while everything closes. */
const idleCheckMs = 20;
const noBytes = Buffer.alloc(0);
const subProtocol = "pusher-channels-protocol-7";

/** The parts of a transport that its listeners share. */
export interface NodeListenerParts {
  readonly limits: ServerSettings;
  readonly budget: BodyBudget;
  readonly proxies: TrustedProxies;
  readonly links: OpenLinks;
}

/** One address of Node.js: `node:http` with a fast path in front of it and `ws` behind its upgrades. */
export class NodeListener implements Listener {
  readonly #links: OpenLinks;
  readonly #proxies: TrustedProxies;
  readonly #handlers: TransportHandlers;
  readonly #http: FastPathServer;
  readonly #webSockets: ServerOf<typeof LinkedWebSocket>;
  #address: ListenAddress = { host: "", port: 0 };
  #closed: Promise<void> | undefined;

  constructor({ limits, budget, proxies, links }: NodeListenerParts, handlers: TransportHandlers) {
    this.#links = links;
    this.#proxies = proxies;
    this.#handlers = handlers;
    this.#http = httpServer(limits, links.shared.turns);
    this.#webSockets = webSocketServer(limits.compression);
    const xhr = new XhrTransport(links, handlers);
    const http = new NodeHttp({ handlers, xhr, budget, proxies, log: links.shared.log });
    const pending = new PendingReplies();
    this.#http.on("request", (request, response) => {
      pending.add(request, response);
      http.serve(request, response);
    });
    this.#http.on("upgrade", (request, _, early) => {
      pending.whenDone(request.socket, () => this.#upgrade(request, early));
    });
    if (!limits.fastPath) return;
    this.#http.useFastPath({
      isFastPath: (path) => handlers.isFastPath(path),
      handshake: (request, early) => this.#handshake(request, early),
      publish: (request, body) => http.answer(request, body),
    });
  }

  get address(): ListenAddress {
    return this.#address;
  }

  /** Binds the address. */
  listen(address: ListenAddress): Promise<this> {
    return new Promise((resolve, reject) => {
      this.#http.once("error", reject);
      this.#http.listen(address.port, address.host, () => {
        this.#http.off("error", reject);
        const bound = this.#http.address();
        this.#address =
          bound !== null && typeof bound === "object" ? { host: bound.address, port: bound.port } : address;
        resolve(this);
      });
    });
  }

  stopAccepting(): void {
    this.#closed ??= new Promise((resolve) => {
      this.#http.close(() => resolve());
    });
  }

  async close(): Promise<void> {
    this.stopAccepting();
    await this.#links.closeAll();
    // Requests that are being answered may finish.
    const { clock } = this.#links.shared;
    const stopChecking = clock.every(idleCheckMs, () => this.#http.closeIdleConnections());
    const stopWaiting = clock.after(closeGraceMs, () => this.#http.closeAllConnections());
    await this.#closed;
    stopChecking();
    stopWaiting();
  }

  #upgrade(request: IncomingMessage, early: Buffer): void {
    if (wantsWebSocket((name) => request.headers[name] as string | undefined)) this.#handshake(request, early);
    else this.#http.passToNodeHttp(request.socket, Buffer.concat([headWithoutUpgrade(request), early]));
  }

  #handshake(request: NodeRequestHead, early: Buffer): void {
    const { socket } = request;
    const read = new NodeRequest(request, this.#proxies);
    const problem = isRelativePath(read.path)
      ? "invalidPath"
      : handshakeProblem(read.method, (name) => read.header(name));
    if (problem !== undefined) {
      refuseHandshake(socket, this.#handlers.refusal(problem, read));
      return;
    }
    // It may list several protocols.
    request.headers.upgrade = "websocket";
    dropNarrowOffer(request.headers);
    this.#webSockets.options.maxPayload = this.#handlers.maxMessageBytes;
    // The answer to the upgrade and the greeting leave in one write.
    socket.cork();
    readInPieces(socket, early);
    // Of a request, `ws` reads only method and headers.
    this.#webSockets.handleUpgrade(request as IncomingMessage, socket, noBytes, (ws) => {
      const link = new WebSocketLink(this.#links, ws, socket, ws.extensions === "" ? "plain" : "deflated");
      this.#links.open(link, read, this.#handlers);
      link.flushNow();
    });
    socket.uncork();
  }
}

/** Answers a handshake, and ends its connection. */
function refuseHandshake(socket: Socket, reply: HttpReply): void {
  const end = (): void => void socket.destroy();
  socket.on("error", end);
  socket.end(`${responseHead(reply)}connection: close\r\n\r\n${String(reply.body)}`, end);
}

function httpServer({ handshakeTimeoutSeconds, keepAliveSeconds }: ServerSettings, turns: TurnBudget): FastPathServer {
  const handshakeMs = handshakeTimeoutSeconds * 1_000;
  const options = {
    headersTimeout: handshakeMs,
    requestTimeout: handshakeMs,
    connectionsCheckingInterval: Math.ceil(handshakeMs / 4),
    keepAliveTimeout: keepAliveSeconds * 1_000,
  };
  return new FastPathServer(options, { pace: (socket) => paceReading(socket, turns), readInPieces }, handshakeMs);
}

function webSocketServer(compression: boolean): ServerOf<typeof LinkedWebSocket> {
  const options = {
    noServer: true,
    clientTracking: false,
    // Not in the type yet.
    closeTimeout: closeTimeoutMs,
    perMessageDeflate: compression && sharedDeflate,
    WebSocket: LinkedWebSocket,
    handleProtocols: (offered: ReadonlySet<string>) => (offered.has(subProtocol) ? subProtocol : false),
  } as const;
  return new WebSocketServer(options);
}
