import type { IncomingMessage, ServerResponse } from "node:http";
import { errorLocation } from "../../../core/errors/error-location.ts";
import type { Log } from "../../../ports/log.ts";
import type {
  HeadCheck,
  HttpReply,
  HttpRequest,
  ReplyStream,
  TransportHandlers,
  TransportRefusal,
} from "../../../ports/transport.ts";
import type { BodyBudget } from "../http/body-budget.ts";
import { BodyBytes } from "../http/body-bytes.ts";
import { isRelativePath } from "../http/path-problem.ts";
import { checkHead } from "../http/check-head.ts";
import type { TrustedProxies } from "../http/trusted-proxies.ts";
import { NodeRequest, type NodeRequestHead } from "../http/node-request.ts";
import type { XhrTransport } from "../xhr/xhr-transport.ts";
import { writeProgress } from "./write-progress.ts";

const noBody = new Uint8Array(0);

/** What answers requests, and what bounds and reports them. */
export interface NodeHttpParts {
  readonly handlers: TransportHandlers;
  readonly xhr: XhrTransport;
  readonly budget: BodyBudget;
  readonly proxies: TrustedProxies;
  readonly log: Log;
}

/** HTTP requests of `node:http`: reads each one, passes it to its handler and writes the reply. */
export class NodeHttp {
  readonly #handlers: TransportHandlers;
  readonly #xhr: XhrTransport;
  readonly #budget: BodyBudget;
  readonly #proxies: TrustedProxies;
  readonly #log: Log;

  constructor({ handlers, xhr, budget, proxies, log }: NodeHttpParts) {
    this.#handlers = handlers;
    this.#xhr = xhr;
    this.#proxies = proxies;
    this.#budget = budget;
    this.#log = log;
  }

  serve(request: IncomingMessage, response: ServerResponse): void {
    const { "content-length": length, "transfer-encoding": encoding } = request.headers;
    if (length === undefined ? encoding === undefined : length === "0") this.#handle(request, noBody, response);
    else {
      const check = this.#checkHead(request);
      if (check.ok) this.#read(request, response, check.isSigned);
      else write(response, check.reply);
    }
  }

  #checkHead(request: IncomingMessage): HeadCheck {
    const isTooLong = Number(request.headers["content-length"]) > this.#handlers.maxBodyBytes;
    if (isTooLong) return { ok: false, reply: this.#refusal("bodyTooLarge", request) };
    return checkHead(new NodeRequest(request, this.#proxies), this.#xhr, this.#handlers);
  }

  /** Reads a body that may be too long, or exceed the budget of all bodies. After a refusal, the rest is discarded. */
  #read(request: IncomingMessage, response: ServerResponse, isSigned: boolean): void {
    const { maxBodyBytes } = this.#handlers;
    const body = new BodyBytes(Number(request.headers["content-length"]));
    const refuse = (id: TransportRefusal): void => {
      counted.end();
      body.clear();
      write(response, this.#refusal(id, request));
    };
    const counted = this.#budget.begin(isSigned, () => refuse("overMemory"));
    request.on("data", (part: Buffer) => {
      if (response.headersSent) return;
      if (body.length + part.length > maxBodyBytes) refuse("bodyTooLarge");
      else counted.take(body.add(part));
    });
    request.on("end", () => {
      if (!response.headersSent) this.#handle(request, body.all(), response);
    });
    request.on("close", () => counted.end());
  }

  /** Passes a fully read request to the server; one that no other transport could mean. Never throws or rejects. */
  answer(head: NodeRequestHead, body: Uint8Array): HttpReply | Promise<HttpReply> {
    return this.#guard(head, body, (request) => this.#handlers.http(request));
  }

  #answerAny(head: NodeRequestHead, body: Uint8Array): HttpReply | Promise<HttpReply> {
    return this.#guard(head, body, (request) => this.#xhr.answer(request) ?? this.#handlers.http(request));
  }

  #guard(
    head: NodeRequestHead,
    body: Uint8Array,
    handle: (request: HttpRequest) => HttpReply | Promise<HttpReply>,
  ): HttpReply | Promise<HttpReply> {
    const fail = (error: unknown): HttpReply => {
      this.#logFailure(head, error);
      return this.#refusal("internal", head);
    };
    try {
      const request = new NodeRequest(head, this.#proxies, body);
      const reply = isRelativePath(request.path) ? this.#handlers.refusal("invalidPath", request) : handle(request);
      return reply instanceof Promise ? reply.catch(fail) : reply;
    } catch (error) {
      return fail(error);
    }
  }

  #refusal(id: TransportRefusal, head: NodeRequestHead): HttpReply {
    return this.#handlers.refusal(id, new NodeRequest(head, this.#proxies));
  }

  #handle(request: IncomingMessage, body: Uint8Array, response: ServerResponse): void {
    const send = (reply: HttpReply): void => {
      try {
        write(response, reply);
      } catch (error) {
        this.#logFailure(request, error);
        response.destroy();
      }
    };
    const reply = this.#answerAny(request, body);
    if (reply instanceof Promise) void reply.then(send);
    else send(reply);
  }

  #logFailure({ method }: NodeRequestHead, error: unknown): void {
    this.#log.error("http.failed", { method, where: errorLocation(error) });
  }
}

function write(response: ServerResponse, reply: HttpReply): void {
  if (response.destroyed) return;
  if (reply.stream === undefined) {
    response.writeHead(reply.status, withLength(reply));
    response.end(reply.body);
    return;
  }
  response.writeHead(reply.status, reply.headers);
  if (reply.body.length === 0) response.flushHeaders();
  else response.write(reply.body);
  const gone = reply.stream(streamTo(response));
  response.on("close", gone);
}

/** The headers and the body's length as a flat list, which `writeHead` takes several times faster than an object. */
function withLength({ status, headers, body }: HttpReply): string[] {
  // RFC 9110, 8.6: no length on 204.
  const list = status === 204 ? [] : ["content-length", `${Buffer.byteLength(body)}`];
  for (const name in headers) list.push(name, headers[name] ?? "");
  return list;
}

function streamTo(response: ServerResponse): ReplyStream {
  return {
    write(part) {
      if (!response.destroyed && !response.writableEnded) response.write(part);
    },
    end() {
      response.end();
    },
    bufferedBytes: () => response.writableLength,
    progress: () => (response.socket === null ? 0 : writeProgress(response.socket)),
  };
}
