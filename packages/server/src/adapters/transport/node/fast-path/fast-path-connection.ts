import type { Socket } from "node:net";
import type { HttpReply } from "../../../../ports/transport.ts";
import type { NodeRequestHead } from "../../http/node-request.ts";
import { readHead, type RequestHead } from "./request-head.ts";
import { responseHead } from "./response-head.ts";
import { ownSocket, releaseSocket, type SocketOwner } from "./socket-owner.ts";

/** The two requests that dominate a busy server. */
export interface FastPathHandlers {
  /** Whether a POST to this path may be answered here. */
  isFastPath(path: string): boolean;
  /** A WebSocket handshake; `early` is what came behind it. */
  handshake(request: NodeRequestHead, early: Buffer): void;
  /** A publish with its whole body. Never throws or rejects. */
  publish(request: NodeRequestHead, body: Buffer): HttpReply | Promise<HttpReply>;
}

/** The server that a connection belongs to. */
export interface FastPathHost {
  /** False once the server stops accepting: every reply is then the last one of its connection. */
  readonly listening: boolean;
  /** How long a connection may wait for its first request, in milliseconds. */
  readonly idleTimeout: number;
  /** How long a connection may wait for its next request, in milliseconds. */
  readonly keepAliveTimeout: number;
  /** The time on a monotonic clock, in milliseconds. */
  nowMs(): number;
  /** Lets `node:http` read a connection from now on, beginning with these bytes. */
  passToNodeHttp(socket: Socket, bytes: Buffer): void;
  /** The connection ended, or belongs to somebody else now. */
  forget(connection: FastPathConnection): void;
}

const upgradeField = /^(?:keep-alive, ?)?upgrade$/i;

/** A connection that has so far sent no request, or only publish requests. */
export class FastPathConnection implements SocketOwner {
  readonly #host: FastPathHost;
  readonly #handlers: FastPathHandlers;
  readonly #socket: Socket;
  #isAnswering = false;
  /** Whether a request was answered: from then on, the timeout of idle connections applies. */
  #servedRequest = false;
  /** Since when it waits for a request: its beginning, or its last reply. */
  #idleSinceMs: number;

  constructor(host: FastPathHost, handlers: FastPathHandlers, socket: Socket) {
    this.#host = host;
    this.#handlers = handlers;
    this.#socket = socket;
    this.#idleSinceMs = host.nowMs();
    ownSocket(socket, this);
  }

  /** Whether a request is being answered. */
  get isAnswering(): boolean {
    return this.#isAnswering;
  }

  /** Ends the connection unless a request is being answered. */
  closeIdle(): void {
    if (!this.#isAnswering) this.#socket.end(() => this.destroy());
  }

  /** Ends the connection if it has waited for its next request for too long. */
  checkIdle(nowMs: number): void {
    const { idleTimeout, keepAliveTimeout } = this.#host;
    const maxMs = this.#servedRequest ? keepAliveTimeout : idleTimeout;
    if (!this.#isAnswering && nowMs - this.#idleSinceMs >= maxMs) this.destroy();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  ended(): void {
    this.#host.forget(this);
  }

  read(chunk: Buffer): void {
    if (this.#isAnswering) return this.#readLater(chunk);
    const head = readHead(chunk);
    const body = chunk.subarray(head?.bytes);
    if (head !== undefined && isHandshake(head)) {
      this.#detach();
      this.#handlers.handshake(this.#requestOf(head), body);
    } else if (head !== undefined && this.#isPublish(head, body.length)) {
      this.#answer(head, body);
    } else {
      this.#detach();
      releaseSocket(this.#socket);
      this.#host.passToNodeHttp(this.#socket, chunk);
    }
  }

  #requestOf({ method, url, headers }: RequestHead): NodeRequestHead {
    return { method, url, headers, socket: this.#socket };
  }

  /** Whether this is a publish with all of its body and nothing behind it. */
  #isPublish({ method, url, headers }: RequestHead, bodyBytes: number): boolean {
    return (
      method === "POST" &&
      headers["content-length"] === `${bodyBytes}` &&
      headers["upgrade"] === undefined &&
      /^(?:keep-alive|close|upgrade)?$/i.test(headers["connection"] ?? "") &&
      this.#handlers.isFastPath(pathOf(url))
    );
  }

  #answer(head: RequestHead, body: Buffer): void {
    const reply = this.#handlers.publish(this.#requestOf(head), body);
    if (!(reply instanceof Promise)) return this.#write(reply, head);
    void this.#answerLater(reply, head);
  }

  async #answerLater(reply: Promise<HttpReply>, head: RequestHead): Promise<void> {
    const socket = this.#socket;
    this.#isAnswering = true;
    const later = await reply;
    this.#isAnswering = false;
    if (socket.isPaused()) socket.resume();
    this.#write(later, head);
    if (socket.readableEnded) socket.end();
  }

  /**
   * Reads nothing else until the reply is there, so that replies keep the order of requests. Most clients send nothing before
   * that: their connections need no pause.
   */
  #readLater(chunk: Buffer): void {
    this.#socket.pause();
    this.#socket.unshift(chunk);
  }

  #write(reply: HttpReply, { headers: { connection } }: RequestHead): void {
    const socket = this.#socket;
    const head = responseHead(reply);
    if (connection?.toLowerCase() === "close" || !this.#host.listening) {
      this.#send(`${head}connection: close\r\n\r\n`, reply.body);
      socket.end();
      return;
    }
    const { keepAliveTimeout } = this.#host;
    this.#servedRequest = true;
    this.#idleSinceMs = this.#host.nowMs();
    const keepAlive = `connection: keep-alive\r\nkeep-alive: timeout=${keepAliveTimeout / 1_000}\r\n\r\n`;
    if (this.#send(head + keepAlive, reply.body)) return;
    // A client that does not read its answers gets no further ones.
    socket.pause();
    socket.once("drain", () => socket.resume());
  }

  /** Writes a reply; false if it does not fit into the socket's buffers. */
  #send(head: string, body: string | Uint8Array): boolean {
    if (typeof body === "string") return this.#socket.write(head + body);
    this.#socket.write(head);
    return this.#socket.write(body);
  }

  /** The caller now owns the socket. */
  #detach(): void {
    ownSocket(this.#socket, nobody);
    this.#host.forget(this);
  }
}

const nobody: SocketOwner = { read: () => undefined, ended: () => undefined };

function isHandshake({ method, headers }: RequestHead): boolean {
  return (
    method === "GET" &&
    headers["upgrade"]?.toLowerCase() === "websocket" &&
    upgradeField.test(headers["connection"] ?? "") &&
    headers["content-length"] === undefined
  );
}

function pathOf(url: string): string {
  const end = url.indexOf("?");
  return end === -1 ? url : url.slice(0, end);
}
