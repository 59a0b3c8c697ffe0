import { errorLocation } from "../../../core/errors/error-location.ts";
import type { Log } from "../../../ports/log.ts";
import type {
  HttpReply,
  HttpRequest,
  OpenRequest,
  ReplyStream,
  TransportHandlers,
  TransportRefusal,
} from "../../../ports/transport.ts";
import type { BodyBudget } from "../http/body-budget.ts";
import { BodyBytes } from "../http/body-bytes.ts";
import { httpDate } from "../http/http-date.ts";
import { checkHead, shortBodyBytes } from "../http/check-head.ts";
import type { TrustedProxies } from "../http/trusted-proxies.ts";
import type { TurnBudget } from "../links/turn-budget.ts";
import type { XhrTransport } from "../xhr/xhr-transport.ts";
import { maxIdleSeconds, type BunServer } from "./bun-api.ts";

/** Requests of one connection that are answered although the time for input is used up: few clients send several at once. */
const maxInTurn = 8;
const noBody = new Uint8Array(0);
const encoder = new TextEncoder();

/** A request to `Bun.serve`. Values that few handlers use are looked up on demand. */
export class BunRequest implements HttpRequest, OpenRequest {
  readonly path: string;
  readonly query: string;
  readonly body: Uint8Array;
  readonly #request: Request;
  readonly #server: BunServer;
  readonly #proxies: TrustedProxies;

  constructor(request: Request, server: BunServer, proxies: TrustedProxies, body: Uint8Array = noBody) {
    const { url } = request;
    const end = url.indexOf("?");
    this.path = pathOf(url);
    this.query = end === -1 ? "" : url.slice(end + 1);
    this.body = body;
    this.#request = request;
    this.#server = server;
    this.#proxies = proxies;
  }

  get method(): string {
    return this.#request.method;
  }

  get origin(): string | undefined {
    return this.header("origin");
  }

  get address(): string {
    return this.#proxies.clientOf(this.#peer, this.header("x-forwarded-for"));
  }

  get secure(): boolean {
    return this.#proxies.isSecure(this.#peer, this.header("x-forwarded-proto"));
  }

  get #peer(): string {
    return this.#server.requestIP(this.#request)?.address ?? "";
  }

  header(name: string): string | undefined {
    return this.#request.headers.get(name) ?? undefined;
  }
}

/** What answers requests, and what bounds and reports them. */
export interface BunHttpParts {
  readonly handlers: TransportHandlers;
  readonly xhr: XhrTransport;
  readonly turns: TurnBudget;
  readonly budget: BodyBudget;
  readonly proxies: TrustedProxies;
  readonly log: Log;
}

/** HTTP requests of Bun: reads each one, passes it to its handler and returns the response. */
export class BunHttp {
  readonly #handlers: TransportHandlers;
  readonly #xhr: XhrTransport;
  readonly #turns: TurnBudget;
  readonly #budget: BodyBudget;
  readonly #proxies: TrustedProxies;
  readonly #log: Log;
  readonly #keepAliveSeconds: number;
  /** Requests of each connection since the time for input in this turn was used up. */
  readonly #inTurn = new Map<string, number>();

  /** @param keepAliveSeconds how long a connection may wait for its next request; Bun allows up to 255. */
  constructor({ handlers, xhr, turns, budget, proxies, log }: BunHttpParts, keepAliveSeconds: number) {
    this.#handlers = handlers;
    this.#xhr = xhr;
    this.#turns = turns;
    this.#proxies = proxies;
    this.#budget = budget;
    this.#log = log;
    this.#keepAliveSeconds = Math.min(keepAliveSeconds, maxIdleSeconds);
  }

  /**
   * Answers a request; in a later turn if the time for input in this one is used up and its connection has sent many. Bun
   * closes a connection that has sent another request meanwhile.
   */
  answer(request: Request, server: BunServer): Promise<Response> {
    if (this.#turns.hasTime() || this.#countInTurn(request, server) <= maxInTurn)
      return this.#answerNow(request, server);
    return new Promise((resolve) => {
      const work = (): boolean => {
        void this.#answerNow(request, server).then(resolve);
        return false;
      };
      this.#turns.wait({ work }, true);
    });
  }

  #countInTurn(request: Request, server: BunServer): number {
    const peer = server.requestIP(request);
    const connection = `${peer?.address} ${peer?.port}`;
    const count = (this.#inTurn.get(connection) ?? 0) + 1;
    if (this.#inTurn.size === 0) setImmediate(() => this.#inTurn.clear());
    this.#inTurn.set(connection, count);
    return count;
  }

  async #answerNow(request: Request, server: BunServer): Promise<Response> {
    try {
      const check = checkHead(new BunRequest(request, server, this.#proxies), this.#xhr, this.#handlers);
      if (!check.ok) return withFields(request, toResponse(check.reply));
      const body = await this.#readBody(request, check.isSigned);
      if (typeof body === "string") return this.#refuse(body, request, server);
      const complete = new BunRequest(request, server, this.#proxies, body);
      const reply = await (this.#xhr.answer(complete) ?? this.#handlers.http(complete));
      // The time limit for receiving a request no longer applies.
      server.timeout(request, reply.stream === undefined ? this.#keepAliveSeconds : 0);
      return withFields(request, toResponse(reply));
    } catch (error) {
      // A client that goes while it sends its body is no failure.
      if (!request.signal.aborted) {
        this.#log.error("http.failed", { method: request.method, where: errorLocation(error) });
      }
      return this.#refuse("internal", request, server);
    }
  }

  #refuse(id: TransportRefusal, request: Request, server: BunServer): Response {
    return toResponse(this.#handlers.refusal(id, new BunRequest(request, server, this.#proxies)));
  }

  /** Returns the body, or why it is refused: it is too long, or exceeds the budget of all bodies. */
  async #readBody(request: Request, isSigned: boolean): Promise<Uint8Array | TransportRefusal> {
    const length = request.headers.get("content-length");
    if (Number(length) > this.#handlers.maxBodyBytes) return "bodyTooLarge";
    // Looking at `body` makes a stream, which costs more than reading what is short. That is not counted.
    if (Number(length ?? Number.NaN) <= shortBodyBytes) return new Uint8Array(await request.arrayBuffer());
    return request.body === null ? noBody : this.#readCounted(request.body, Number(length), isSigned);
  }

  async #readCounted(
    stream: ReadableStream<Uint8Array>,
    statedBytes: number,
    isSigned: boolean,
  ): Promise<Uint8Array | TransportRefusal> {
    const reader = stream.getReader();
    let isCut = false;
    const counted = this.#budget.begin(isSigned, () => {
      isCut = true;
      void reader.cancel();
    });
    const body = new BodyBytes(statedBytes);
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (isCut) return "overMemory";
        if (done) return body.all();
        if (body.length + value.length > this.#handlers.maxBodyBytes) {
          void reader.cancel();
          return "bodyTooLarge";
        }
        counted.take(body.add(value));
      }
    } finally {
      counted.end();
    }
  }
}

/** Adds what Bun does not. */
function withFields({ method, headers }: Request, response: Response): Response {
  if (method === "HEAD") response.headers.set("date", httpDate());
  // Bun 1.4 takes trailers for another request, and ends the connection with an error.
  if (headers.has("trailer")) response.headers.set("connection", "close");
  return response;
}

/** The path of a URL as Bun gives it: without a Host field (HTTP/1.0), it begins with the path. */
export function pathOf(url: string): string {
  const start = url.startsWith("/") ? 0 : url.indexOf("/", url.indexOf("//") + 2);
  const end = url.indexOf("?", start);
  return end === -1 ? url.slice(start) : url.slice(start, end);
}

/** Any bytes will do; the type rejects those of shared memory. */
type ResponseBody = ConstructorParameters<typeof Response>[0];

/** Makes a response of a reply. */
export function toResponse({ status, headers, body, stream }: HttpReply): Response {
  if (stream === undefined) return new Response(status === 204 ? null : (body as ResponseBody), { status, headers });
  const open = new OpenBody();
  open.write(body);
  const gone = stream(open);
  return new Response(open.read(gone), { status, headers });
}

/** A body that is written as it comes. Bun asks for more only when the client takes it, so what waits is known here. */
class OpenBody implements ReplyStream {
  readonly #waiting: Uint8Array[] = [];
  #bytes = 0;
  #takenBytes = 0;
  #ended = false;
  #wake: (() => void) | undefined;

  write(part: string | Uint8Array): void {
    if (part.length === 0 || this.#ended) return;
    const bytes = typeof part === "string" ? encoder.encode(part) : part;
    this.#waiting.push(bytes);
    this.#bytes += bytes.length;
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  bufferedBytes(): number {
    return this.#bytes;
  }

  progress(): number {
    return this.#takenBytes;
  }

  /** The body as Bun reads it; `gone` is called when the client goes. */
  read(gone: () => void): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>({ pull: (to) => this.#passOn(to), cancel: gone }, { highWaterMark: 0 });
  }

  async #passOn(to: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    while (this.#waiting.length === 0 && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const part = this.#waiting.shift();
    if (part === undefined) return to.close();
    this.#bytes -= part.length;
    this.#takenBytes += part.length;
    to.enqueue(part);
  }
}
