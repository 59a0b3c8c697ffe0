import { closeReasons, type CloseReason } from "@sealcast/protocol";
import type { ServerSettings } from "../../../core/settings/server-settings.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Log } from "../../../ports/log.ts";
import type {
  ListenAddress,
  Listener,
  OpenRequest,
  Topic,
  Transport,
  TransportHandlers,
} from "../../../ports/transport.ts";
import { BodyBudget } from "../http/body-budget.ts";
import { TrustedProxies } from "../http/trusted-proxies.ts";
import {
  bun,
  maxIdleSeconds,
  type BunAnswer,
  type BunApi,
  type BunServeOptions,
  type BunServer,
  type BunWebSocket,
  type BunWebSocketHandlers,
} from "./bun-api.ts";
import { BunBackPressure } from "./back-pressure.ts";
import { BunHttp, BunRequest, pathOf, toResponse } from "./http-server.ts";
import { strictRoutes, wasResolved } from "./routes.ts";
import { chosenSubProtocol, handshakeProblem, wantsWebSocket } from "../http/websocket-handshake.ts";
import { BunLink } from "./websocket-link.ts";
import { BunTopic } from "./native-topic.ts";
import { SockJs } from "../sockjs/sockjs.ts";
import { XhrTransport } from "../xhr/xhr-transport.ts";
import { maxWaitingMessages } from "../../../core/connections/waiting-messages.ts";
import { closeGraceMs, OpenLinks, type SharedByLinks } from "../links/open-links.ts";
import { TurnBudget } from "../links/turn-budget.ts";
import { FlushQueue } from "../outbox/flush-queue.ts";

/** What Bun reports as the code if it closes a connection itself. */
const abnormalClosure = 1006;
/** Violations of the protocol that Bun itself closes, by the reason that it sends. */
const violations: ReadonlyMap<string, CloseReason> = new Map<string, CloseReason>([
  ["Received too big message", closeReasons.messageTooBig],
  ["Received invalid UTF-8", closeReasons.invalidUtf8],
]);

/**
 * Sockets, HTTP and fan-out of Bun: `Bun.serve` with one native topic per channel. Where it differs from Node.js:
 * - a client that is sent more than `maxBufferedBytes` in one turn of the event loop is cut without close code 4101;
 * - `bufferedBytes` is up to 50 ms old, and counts what connections share once for each of them;
 * - a connection that sends more than eight requests without waiting for answers may be closed if the server is busy;
 * - a client that does not finish the head of its request is cut after Bun's own 10 seconds, whatever the limit says,
 *   and one that sent nothing at all outlives even `close` by that time.
 *
 * @param limits time-outs, memory limits and compression.
 * @param turns which all work of the process shares.
 */
export function createBunTransport(
  limits: ServerSettings,
  clock: Clock,
  log: Log,
  turns = new TurnBudget(clock),
): Transport {
  if (bun === undefined) throw new TypeError("Cannot use the Bun transport: expected Bun, got another runtime");
  return new BunTransport(bun, limits, clock, log, turns);
}

class BunTransport implements Transport {
  readonly runtime: string;
  readonly #bun: BunApi;
  readonly #limits: ServerSettings;
  readonly #log: Log;
  readonly #shared: SharedByLinks;
  readonly #budget: BodyBudget;
  readonly #proxies: TrustedProxies;
  readonly #pressure: BunBackPressure;
  readonly #servers: BunServer[] = [];

  constructor(api: BunApi, limits: ServerSettings, clock: Clock, log: Log, turns: TurnBudget) {
    this.runtime = `Bun ${api.version}`;
    this.#bun = api;
    this.#limits = limits;
    this.#log = log;
    this.#shared = { queue: new FlushQueue(limits, clock, turns), turns, clock, log };
    this.#budget = new BodyBudget(limits.maxBufferedBytes);
    this.#proxies = new TrustedProxies(limits.trustedProxies);
    this.#pressure = new BunBackPressure(this.#shared.queue.backlogs, clock, turns);
  }

  createTopic(name: string): Topic {
    return new BunTopic(this.#servers, this.#pressure, name);
  }

  listen({ host, port }: ListenAddress, handlers: TransportHandlers): Promise<Listener> {
    const links = new OpenLinks(this.#shared);
    const sockJs = new SockJs(links.shared.clock, handlers, this.#limits.handshakeTimeoutSeconds);
    const xhr = new XhrTransport(links, handlers, sockJs);
    const { turns } = this.#shared;
    const parts = { handlers, xhr, turns, budget: this.#budget, proxies: this.#proxies, log: this.#log };
    const http = new BunHttp(parts, this.#limits.keepAliveSeconds);
    let { maxMessageBytes } = handlers;
    const handle = (request: Request, own: BunServer): BunAnswer => {
      if (maxMessageBytes !== handlers.maxMessageBytes) {
        maxMessageBytes = handlers.maxMessageBytes;
        own.reload(options());
      }
      return wantsWebSocket((name) => request.headers.get(name) ?? undefined)
        ? upgrade(request, own, this.#proxies, handlers)
        : http.answer(request, own);
    };
    const refuse = (request: Request, own: BunServer): Response =>
      toResponse(handlers.refusal("invalidPath", new BunRequest(request, own, this.#proxies)));
    const options = (): BunServeOptions => ({
      hostname: host,
      port,
      idleTimeout: Math.min(Math.ceil(this.#limits.handshakeTimeoutSeconds), maxIdleSeconds),
      // BunHttp limits bodies while it reads them.
      maxRequestBodySize: Number.MAX_SAFE_INTEGER,
      routes: strictRoutes(handle, refuse),
      fetch: (request, own) => (wasResolved(pathOf(request.url)) ? refuse(request, own) : handle(request, own)),
      websocket: this.#webSocketHandlers(() => server, links, handlers.maxMessageBytes, sockJs),
    });
    const server: BunServer = this.#bun.serve(options());
    this.#servers.push(server);
    return Promise.resolve({
      address: { host: server.hostname, port: server.port },
      stopAccepting: () => void server.stop(),
      close: () => this.#close(server, links),
    });
  }

  bufferedBytes(): number {
    return this.#shared.queue.bufferedBytes();
  }

  async #close(server: BunServer, links: OpenLinks): Promise<void> {
    await links.closeAll();
    // Requests that are being answered may finish.
    const stopWaiting = this.#shared.clock.after(closeGraceMs, () => void server.stop(true));
    await server.stop();
    stopWaiting();
    const index = this.#servers.indexOf(server);
    if (index !== -1) this.#servers.splice(index, 1);
  }

  #webSocketHandlers(
    server: () => BunServer,
    links: OpenLinks,
    maxMessageBytes: number,
    sockJs: SockJs,
  ): BunWebSocketHandlers {
    const shared = {
      turns: this.#shared.turns,
      pressure: this.#pressure,
      maxHeld: maxWaitingMessages(this.#limits),
    };
    return {
      maxPayloadLength: maxMessageBytes,
      backpressureLimit: this.#limits.maxBufferedBytes,
      closeOnBackpressureLimit: true,
      idleTimeout: 0,
      sendPings: false,
      perMessageDeflate: this.#limits.compression && { compress: "shared", decompress: "shared" },
      open: (ws) => {
        const request = ws.data as OpenRequest;
        const link = new BunLink(links, shared, server(), ws);
        ws.data = link;
        this.#pressure.add(link);
        links.open(link, request, sockJs);
      },
      message: (ws, message) => linkOf(ws)?.message(message),
      ping: (ws) => linkOf(ws)?.alive(),
      pong: (ws) => linkOf(ws)?.alive(),
      close: (ws, code, reason) => linkOf(ws)?.ended(code === abnormalClosure ? violations.get(reason) : undefined),
    };
  }
}

/** Upgrades a request for a WebSocket, whose `data` then tells how the client asked. Returns the refusal if that fails. */
function upgrade(
  request: Request,
  server: BunServer,
  proxies: TrustedProxies,
  handlers: TransportHandlers,
): Response | undefined {
  const problem = handshakeProblem(request.method, (name) => request.headers.get(name) ?? undefined);
  const read = new BunRequest(request, server, proxies);
  if (problem !== undefined) return toResponse(handlers.refusal(problem, read));
  const subProtocol = chosenSubProtocol((name) => request.headers.get(name) ?? undefined);
  const headers: Record<string, string> = subProtocol === undefined ? {} : { "sec-websocket-protocol": subProtocol };
  const data = openRequest(read);
  if (server.upgrade(request, { data, headers })) return undefined;
  return toResponse(handlers.refusal("webSocketHandshake", read));
}

/** Copies what a session asks for: Bun forgets the address of a request when it is upgraded. */
function openRequest({ path, query, origin, address, secure }: BunRequest): OpenRequest {
  return { path, query, origin, address, secure };
}

function linkOf({ data }: BunWebSocket): BunLink | undefined {
  return data instanceof BunLink ? data : undefined;
}
