import { closeReasons, utf8Length } from "@sealcast/protocol";
import { andThen, type Awaitable } from "../../../core/awaitable.ts";
import { inTurns, oneAtATime } from "../../../core/turns.ts";
import type { HttpReply, HttpRequest, TransportHandlers } from "../../../ports/transport.ts";
import type { OpenLinks } from "../links/open-links.ts";
import { parseMessageList } from "./message-list.ts";
import { XhrLink, type XhrMode } from "./xhr-link.ts";

/** What the last segment of a fallback path asks for. */
const actions: ReadonlyMap<string, XhrMode | "send"> = new Map([
  ["xhr_streaming", "streaming"],
  ["xhr", "polling"],
  ["xhr_send", "send"],
]);
/** Any prefix, the app's key, and the session: a number and a text that the client chose. */
const sessionPath = /\/app\/([^/]+)\/(\d{1,3}\/[^/]{1,64})\/[a-z_]+$/;
/** Body of `xhr_send` that is always accepted, in bytes: about what one read of a WebSocket brings. */
const minSendBytes = 64 * 1_024;
const tickMs = 1_000;
/**
 * Sessions whose clients have no request open, as between two polls: unlike others, they are not bounded by the sockets that
 * a client can open.
 */
const mostAbsent = 5_000;
/** Further sessions after which the absent ones are counted again. */
const sessionsPerCount = 1_000;
/** How long browsers may remember that they may send, in seconds. */
const preflightSeconds = "86400";

/**
 * The HTTP transports that pusher-js falls back to if WebSocket is blocked: `{prefix}/app/{key}/{session}/` and
 * `xhr_streaming`, `xhr` (polling) or `xhr_send`. Their connections are links like any other.
 */
export class XhrTransport {
  readonly #links: OpenLinks;
  readonly #handlers: TransportHandlers;
  readonly #sessions = new Map<string, XhrLink>();
  /** Number of sessions at which the absent ones are counted. */
  #countAt = mostAbsent;
  #stopTicks: (() => void) | undefined;

  constructor(links: OpenLinks, handlers: TransportHandlers) {
    this.#links = links;
    this.#handlers = handlers;
  }

  /** Whether a request is to one of these transports. */
  answers(request: HttpRequest): boolean {
    return targetOf(request) !== undefined;
  }

  /** Answers a request to one of these transports. Returns undefined for any other request. */
  answer(request: HttpRequest): HttpReply | Promise<HttpReply> | undefined {
    const target = targetOf(request);
    if (target === undefined) return undefined;
    const { key, id, action } = target;
    const cors = this.#corsHeaders(key, request.header("origin"));
    if (request.method === "OPTIONS") return { status: 204, headers: cors, body: "" };
    return action === "send" ? this.#send(id, request, cors) : this.#receive(id, key, action, request, cors);
  }

  /** As `TransportHandlers.refusalBeforeBody`, for a request to one of these transports. */
  refusalBeforeBody(request: HttpRequest): HttpReply | undefined {
    const target = targetOf(request);
    if (target === undefined) return undefined;
    const cors = this.#corsHeaders(target.key, request.header("origin"));
    return target.action === "send" && !this.#sessions.has(target.id)
      ? noSuchSession(cors)
      : this.#lengthProblem(Number(request.header("content-length") ?? 0), request, cors);
  }

  #receive(id: string, key: string, mode: XhrMode, request: HttpRequest, cors: Headers): HttpReply {
    const headers = { ...cors, "content-type": "application/javascript; charset=utf-8", "x-accel-buffering": "no" };
    const known = this.#sessions.get(id);
    const link = known ?? this.#open(id, key, request);
    const body = known === undefined ? "o\n" : "";
    // The first poll is answered at once.
    if (known === undefined && mode === "polling") return { status: 200, headers, body };
    link.alive();
    return { status: 200, headers, body, stream: (stream) => link.receiveOn(stream, mode, body.length) };
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

  #open(id: string, key: string, request: HttpRequest): XhrLink {
    const { query, address, secure } = request;
    const link = new XhrLink(this.#links, () => this.#sessions.delete(id));
    if (this.#sessions.size >= this.#countAt) this.#endAbsent();
    this.#sessions.set(id, link);
    this.#stopTicks ??= this.#links.shared.clock.every(
      tickMs,
      oneAtATime(() => this.#tick()),
    );
    this.#links.open(
      link,
      { path: `/app/${key}`, query, origin: request.header("origin"), address, secure },
      this.#handlers,
    );
    return link;
  }

  /** Ends the sessions that have been absent for the longest, if there are too many: clients that poll are so only shortly. */
  #endAbsent(): void {
    const absent = [...this.#sessions.values()]
      .flatMap((link) => (link.absentMs === undefined ? [] : [{ link, absentMs: link.absentMs }]))
      .toSorted((a, b) => b.absentMs - a.absentMs);
    const surplus = absent.slice(0, Math.max(0, absent.length - mostAbsent));
    this.#countAt = this.#sessions.size - surplus.length + sessionsPerCount;
    void inTurns(this.#links.shared.turns, surplus, ({ link }) => link.destroy());
  }

  #tick(): Awaitable<void> {
    return andThen(
      inTurns(this.#links.shared.turns, this.#sessions.values(), (link) => link.tick()),
      () => {
        if (this.#sessions.size > 0) return;
        this.#stopTicks?.();
        this.#stopTicks = undefined;
        this.#countAt = mostAbsent;
      },
    );
  }

  #corsHeaders(key: string, origin: string | undefined): Headers {
    if (origin === undefined || !this.#handlers.allowsOrigin(key, origin)) return plainHeaders;
    return {
      ...plainHeaders,
      "access-control-allow-origin": origin,
      "access-control-allow-methods": "POST",
      "access-control-allow-headers": "content-type",
      "access-control-max-age": preflightSeconds,
    };
  }
}

type Headers = Readonly<Record<string, string>>;

/** What a request to one of these transports is for. */
interface Target {
  readonly key: string;
  readonly id: string;
  readonly action: XhrMode | "send";
}

function targetOf({ method, path }: HttpRequest): Target | undefined {
  const action = actions.get(path.slice(path.lastIndexOf("/") + 1));
  if (action === undefined || (method !== "POST" && method !== "OPTIONS")) return undefined;
  const [, key, session] = sessionPath.exec(path) ?? [];
  return key === undefined || session === undefined ? undefined : { key, id: `${key}/${session}`, action };
}

function noSuchSession(headers: Headers): HttpReply {
  return { status: 404, headers, body: "No such session\n" };
}

const plainHeaders: Headers = { "cache-control": "no-store", vary: "origin" };

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decodeUtf8(body: Uint8Array): string | undefined {
  try {
    return utf8.decode(body);
  } catch {
    return undefined;
  }
}
