import { closeReasons, utf8Length } from "@sealcast/protocol";
import { andThen, type Awaitable } from "../../../core/awaitable.ts";
import { inTurns, oneAtATime } from "../../../core/turns.ts";
import type {
  HttpReply,
  HttpRequest,
  Link,
  LinkEvents,
  OpenRequest,
  TransportHandlers,
} from "../../../ports/transport.ts";
import type { OpenLinks } from "../links/open-links.ts";
import { closeFrame } from "../sockjs/close-frame.ts";
import { infoReply } from "../sockjs/info-reply.ts";
import type { SockJs } from "../sockjs/sockjs.ts";
import { corsHeaders, plainHeaders, type Headers } from "./cors-headers.ts";
import { parseMessageList } from "../sockjs/message-list.ts";
import { XhrLink } from "./xhr-link.ts";
import type { XhrMode } from "./xhr-protocol.ts";
import { targetOf, type SessionTarget, type XhrTarget } from "./xhr-target.ts";

/** Body of `xhr_send` that is always accepted, in bytes: about what one read of a WebSocket brings. */
const minSendBytes = 64 * 1_024;
const tickMs = 1_000;
/**
 * Sessions whose clients have no request open, as between two polls: unlike others, they are not bounded by the sockets that
 * a client can open.
 */
const maxAbsent = 5_000;
/** Pages that open SockJS send requests with cookies. The server reads none, so no page can use those of another one. */
const withCookies: Headers = {
  "access-control-allow-methods": "GET, POST",
  "access-control-allow-credentials": "true",
};

/**
 * The HTTP transports that pusher-js falls back to if WebSocket is blocked: `{prefix}/app/{key}/{session}/` and
 * `xhr_streaming`, `xhr` (polling) or `xhr_send`; the same over SockJS, at `{prefix}/pusher/{session}/`. Their connections are
 * links like any other.
 */
export class XhrTransport {
  readonly #links: OpenLinks;
  readonly #handlers: TransportHandlers;
  readonly #sockJs: SockJs;
  readonly #sessions = new Map<string, XhrLink>();
  /** Those whose clients have no request open, the longest absent first. */
  readonly #absent = new Set<XhrLink>();
  #stopTicks: (() => void) | undefined;

  constructor(links: OpenLinks, handlers: TransportHandlers, sockJs: SockJs) {
    this.#links = links;
    this.#handlers = handlers;
    this.#sockJs = sockJs;
  }

  /** Whether a request is to one of these transports. */
  answers(request: HttpRequest): boolean {
    return targetOf(request) !== undefined;
  }

  /** Answers a request to one of these transports. Returns undefined for any other request. */
  answer(request: HttpRequest): HttpReply | Promise<HttpReply> | undefined {
    const target = targetOf(request);
    if (target === undefined) return undefined;
    const cors = this.#corsHeaders(target, request.header("origin"));
    if (request.method === "OPTIONS") return { status: 204, headers: cors, body: "" };
    switch (target.action) {
      case "info":
        return infoReply(cors);
      case "send":
        return this.#send(target.id, request, cors);
      case "streaming":
      case "polling":
        return this.#receive(target, target.action, request, cors);
    }
  }

  /** Returns the reply that refuses a request to one of these transports whatever its body is, or undefined. */
  refusalBeforeBody(request: HttpRequest): HttpReply | undefined {
    const target = targetOf(request);
    if (target === undefined) return undefined;
    const cors = this.#corsHeaders(target, request.header("origin"));
    return target.action === "send" && !this.#sessions.has(target.id)
      ? noSuchSession(cors)
      : this.#lengthProblem(Number(request.header("content-length") ?? 0), request, cors);
  }

  #receive(target: SessionTarget, mode: XhrMode, request: HttpRequest, cors: Headers): HttpReply {
    const headers = { ...cors, "content-type": "application/javascript; charset=utf-8", "x-accel-buffering": "no" };
    const { id, protocol } = target;
    const how = protocol[mode];
    const known = this.#sessions.get(id);
    if (known !== undefined && !known.isAbsent && protocol.secondRequest === "is refused") {
      return { status: 200, headers, body: `${how.prelude}${stillOpen}` };
    }
    const link = known ?? this.#open(target, request);
    const body = how.prelude + (known === undefined ? "o\n" : "");
    // The first poll is answered at once.
    if (known === undefined && mode === "polling") return { status: 200, headers, body };
    link.alive();
    return { status: 200, headers, body, stream: (stream) => link.receiveOn(stream, how, body.length) };
  }

  #send(id: string, request: HttpRequest, cors: Headers): HttpReply | Promise<HttpReply> {
    const { body } = request;
    const link = this.#sessions.get(id);
    if (link === undefined) return noSuchSession(cors);
    const lengthProblem = this.#lengthProblem(body.length, request, cors);
    if (lengthProblem !== undefined) return lengthProblem;
    const { maxMessageBytes } = this.#handlers;
    const text = decodeUtf8(body);
    if (text === undefined) {
      link.close(closeReasons.invalidUtf8.code, closeReasons.invalidUtf8.message);
      return { status: 400, headers: cors, body: "The body must be UTF-8\n" };
    }
    const messages = parseMessageList(text);
    if (messages === undefined) {
      return { status: 400, headers: cors, body: "A JSON array of at most 5,000 texts is expected\n" };
    }
    // An empty array is the client's ping.
    link.alive();
    const done: HttpReply = { status: 204, headers: cors, body: "" };
    const receive = (): Promise<void> | undefined =>
      link.receiveAll(messages, (message) => {
        if (utf8Length(message) <= maxMessageBytes) return true;
        link.close(closeReasons.messageTooBig.code, closeReasons.messageTooBig.message);
        return false;
      });
    // Parsing a large body has taken long enough for this turn of the event loop.
    const later =
      body.length > minSendBytes ? new Promise((resolve) => setImmediate(resolve)).then(receive) : receive();
    return later === undefined ? done : later.then(() => done);
  }

  /** Nobody signed these requests: one may not take longer than what a WebSocket is read in one turn. */
  #lengthProblem(bodyBytes: number, request: HttpRequest, cors: Headers): HttpReply | undefined {
    if (bodyBytes <= Math.max(minSendBytes, this.#handlers.maxMessageBytes)) return undefined;
    const refusal = this.#handlers.refusal("bodyTooLarge", request);
    return { ...refusal, headers: { ...cors, ...refusal.headers } };
  }

  #open({ id, key }: SessionTarget, request: HttpRequest): XhrLink {
    const link = new XhrLink(this.#links, {
      came: () => this.#absent.delete(link),
      went: () => this.#becameAbsent(link),
      left: () => {
        this.#absent.delete(link);
        this.#sessions.delete(id);
      },
    });
    this.#sessions.set(id, link);
    this.#becameAbsent(link);
    this.#stopTicks ??= this.#links.shared.clock.every(
      tickMs,
      oneAtATime(() => this.#tick()),
    );
    const { query, address, secure } = request;
    const path = key === undefined ? request.path : `/app/${key}`;
    const asked = { path, query, origin: request.header("origin"), address, secure };
    const open = (opening: OpenRequest, to: Link): LinkEvents => this.#sockJs.openSession(opening, to);
    this.#links.open(link, asked, key === undefined ? { open } : this.#handlers);
    return link;
  }

  /** Ends the session that has been absent for the longest, if there are too many: clients that poll are so only shortly. */
  #becameAbsent(link: XhrLink): void {
    this.#absent.add(link);
    if (this.#absent.size <= maxAbsent) return;
    const [longest] = this.#absent;
    longest?.destroy();
  }

  #tick(): Awaitable<void> {
    return andThen(
      inTurns(this.#links.shared.turns, this.#sessions.values(), (link) => link.tick()),
      () => {
        if (this.#sessions.size > 0) return;
        this.#stopTicks?.();
        this.#stopTicks = undefined;
      },
    );
  }

  /** The origin of a page that opens SockJS is checked later, when the app is known: the connection is then closed. */
  #corsHeaders(target: XhrTarget, origin: string | undefined): Headers {
    if (origin === undefined) return plainHeaders;
    if (target.action === "info" || target.key === undefined) return corsHeaders(origin, withCookies);
    if (!this.#handlers.allowsOrigin(target.key, origin)) return plainHeaders;
    return corsHeaders(origin, { "access-control-allow-methods": "POST" });
  }
}

/** The answer to a request to receive on while another one of the session is open. */
const stillOpen = `${closeFrame(2010, "Another connection still open")}\n`;

function noSuchSession(headers: Headers): HttpReply {
  return { status: 404, headers, body: "No such session\n" };
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decodeUtf8(body: Uint8Array): string | undefined {
  try {
    return utf8.decode(body);
  } catch {
    return undefined;
  }
}
