import type { IncomingMessage } from "node:http";
import type { ServerSettings } from "../../../core/settings/server-settings.ts";
import type { ListenAddress, Listener, TransportHandlers } from "../../../ports/transport.ts";
import type { BodyBudget } from "../http/body-budget.ts";
import { wantsWebSocket } from "../http/websocket-handshake.ts";
import type { TrustedProxies } from "../http/trusted-proxies.ts";
import { closeGraceMs, type OpenLinks, type SharedByLinks } from "../links/open-links.ts";
import { SockJs } from "../sockjs/sockjs.ts";
import { XhrTransport } from "../xhr/xhr-transport.ts";
import { FastPathServer } from "./fast-path/fast-path-server.ts";
import { NodeHttp } from "./http-server.ts";
import { headWithoutUpgrade } from "./ignore-upgrade.ts";
import { paceReading, readInPieces } from "./paced-reader.ts";
import { PendingReplies } from "./pending-replies.ts";
import { WebSocketUpgrades } from "./websocket-upgrades.ts";

/** How often idle connections are ended while everything closes. */
const idleCheckMs = 20;

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
  readonly #http: FastPathServer;
  readonly #upgrades: WebSocketUpgrades;
  #address: ListenAddress = { host: "", port: 0 };
  #closed: Promise<void> | undefined;

  constructor({ limits, budget, proxies, links }: NodeListenerParts, handlers: TransportHandlers) {
    this.#links = links;
    this.#http = httpServer(limits, links.shared);
    const sockJs = new SockJs(links.shared.clock, handlers, limits.handshakeTimeoutSeconds);
    this.#upgrades = new WebSocketUpgrades(links, proxies, handlers, sockJs, limits.compression);
    const xhr = new XhrTransport(links, handlers, sockJs);
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
      handshake: (request, early) => this.#upgrades.handshake(request, early),
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
    this.#http.linger();
    this.#stop();
  }

  async close(): Promise<void> {
    this.#stop();
    await this.#links.closeAll();
    // Requests that are being answered may finish.
    const { clock } = this.#links.shared;
    // After what has arrived was read: a connection with a request in the buffer of the operating system is not idle.
    const stopChecking = clock.every(idleCheckMs, () => setImmediate(() => this.#http.closeIdleConnections()));
    const stopWaiting = clock.after(closeGraceMs, () => this.#http.closeAllConnections());
    await this.#closed;
    stopChecking();
    stopWaiting();
  }

  #stop(): void {
    this.#closed ??= new Promise((resolve) => {
      this.#http.close(() => resolve());
    });
  }

  #upgrade(request: IncomingMessage, early: Buffer): void {
    request.socket.setTimeout(0);
    if (wantsWebSocket((name) => request.headers[name] as string | undefined)) this.#upgrades.handshake(request, early);
    else this.#http.passToNodeHttp(request.socket, Buffer.concat([headWithoutUpgrade(request), early]));
  }
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
