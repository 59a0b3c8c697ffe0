import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { WebSocketServer, type Server as ServerOf } from "ws";
import type { ServerSettings } from "../../../core/server-settings.ts";
import type { HttpReply, ListenAddress, Listener, TransportHandlers } from "../../../ports/transport.ts";
import type { BodyBudget } from "../http/body-budget.ts";
import { chosenSubProtocol, handshakeProblem, wantsWebSocket } from "../http/websocket-handshake.ts";
import { isRelativePath } from "../http/path-problem.ts";
import type { TrustedProxies } from "../http/trusted-proxies.ts";
import { NodeRequest, type NodeRequestHead } from "../http/node-request.ts";
import { closeGraceMs, type OpenLinks, type SharedByLinks } from "../links/open-links.ts";
import { XhrTransport } from "../xhr/xhr-transport.ts";
import { dropNarrowOffer, sharedDeflate } from "./compression.ts";
import { FastPathServer } from "./fast-path/fast-path-server.ts";
import { releaseSocket } from "./fast-path/socket-owner.ts";
import { responseHead } from "./fast-path/response-head.ts";
import { NodeHttp } from "./http-server.ts";
import { headWithoutUpgrade } from "./ignore-upgrade.ts";
import { paceReading, readInPieces } from "./paced-reader.ts";
import { PendingReplies } from "./pending-replies.ts";
import { acceptHandshake } from "./accept-handshake.ts";
import { CompressedLink, LinkedWebSocket } from "./compressed-link.ts";
import { PlainLink } from "./plain-link.ts";
import type { SocketLink } from "./socket-link.ts";

/** How long a client may take to answer a close before it is cut. */
const closeTimeoutMs = 5_000;
/** How often idle connections are ended while everything closes. */
const idleCheckMs = 20;
const noBytes = Buffer.alloc(0);

/** The parts of a transport that its listeners share. */
export interface NodeListenerParts {
  readonly limits: ServerSettings;
  readonly budget: BodyBudget;
  readonly proxies: TrustedProxies;
  readonly links: OpenLinks;
}

/** One address of Node.js: `node:http` with a fast path in front of it. */
export class NodeListener implements Listener {
  readonly #links: OpenLinks;
  readonly #proxies: TrustedProxies;
  readonly #handlers: TransportHandlers;
  readonly #http: FastPathServer;
  /** Reads and writes compressed frames; undefined: compression is not offered. */
  readonly #compressing: ServerOf<typeof LinkedWebSocket> | undefined;
  #address: ListenAddress = { host: "", port: 0 };
  #closed: Promise<void> | undefined;

  constructor({ limits, budget, proxies, links }: NodeListenerParts, handlers: TransportHandlers) {
    this.#links = links;
    this.#proxies = proxies;
    this.#handlers = handlers;
    this.#http = httpServer(limits, links.shared);
    this.#compressing = limits.compression ? compressingServer() : undefined;
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
    request.socket.setTimeout(0);
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
    // The answer to the upgrade and the greeting leave in one write.
    socket.cork();
    readInPieces(socket, early);
    if (this.#compressing === undefined) this.#open(this.#acceptPlain(request, read), read);
    else this.#acceptCompressed(this.#compressing, request, (link) => this.#open(link, read));
    socket.uncork();
  }

  #acceptPlain({ socket }: NodeRequestHead, read: NodeRequest): SocketLink {
    const header = (name: string): string | undefined => read.header(name);
    socket.write(acceptHandshake(header("sec-websocket-key") ?? "", chosenSubProtocol(header)));
    return new PlainLink(this.#links, socket, this.#handlers.maxMessageBytes);
  }

  #acceptCompressed(
    server: ServerOf<typeof LinkedWebSocket>,
    request: NodeRequestHead,
    opened: (link: SocketLink) => void,
  ): void {
    const { socket, headers } = request;
    releaseSocket(socket);
    // It may list several protocols.
    headers.upgrade = "websocket";
    dropNarrowOffer(headers);
    server.options.maxPayload = this.#handlers.maxMessageBytes;
    // Of a request, `ws` reads only method and headers.
    server.handleUpgrade(request as IncomingMessage, socket, noBytes, (ws) =>
      opened(new CompressedLink(this.#links, ws, socket)),
    );
  }

  #open(link: SocketLink, read: NodeRequest): void {
    this.#links.open(link, read, this.#handlers);
    link.flushNow();
  }
}

/** Answers a handshake, and ends its connection. */
function refuseHandshake(socket: Socket, reply: HttpReply): void {
  const end = (): void => void socket.destroy();
  socket.on("error", end);
  socket.end(`${responseHead(reply)}connection: close\r\n\r\n${String(reply.body)}`, end);
}

function httpServer(
  { handshakeTimeoutSeconds, keepAliveSeconds }: ServerSettings,
  { turns, clock }: SharedByLinks,
): FastPathServer {
  const handshakeMs = handshakeTimeoutSeconds * 1_000;
  const options = {
    headersTimeout: handshakeMs,
    requestTimeout: handshakeMs,
    connectionsCheckingInterval: Math.ceil(handshakeMs / 4),
    keepAliveTimeout: keepAliveSeconds * 1_000,
  };
  return new FastPathServer(
    options,
    { pace: (socket) => paceReading(socket, turns), readInPieces },
    handshakeMs,
    clock,
  );
}

function compressingServer(): ServerOf<typeof LinkedWebSocket> {
  const options = {
    noServer: true,
    clientTracking: false,
    // Not in the type yet.
    closeTimeout: closeTimeoutMs,
    perMessageDeflate: sharedDeflate,
    WebSocket: LinkedWebSocket,
    handleProtocols: (offered: ReadonlySet<string>) => chosenSubProtocol(() => [...offered].join(",")) ?? false,
  } as const;
  return new WebSocketServer(options);
}
