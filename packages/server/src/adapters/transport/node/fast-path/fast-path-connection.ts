import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { HttpReply } from "../../../../ports/transport.ts";
import type { FrontDoor, HotRequests } from "./fast-path-server.ts";
import { keepAliveSeconds } from "../../http/transport-replies.ts";
import type { ReadRequest } from "../../http/request-target.ts";
import { readHead, type RequestHead } from "./request-head.ts";

const publishUrl = /^\/apps\/[^/?]+\/(?:batch_)?events(?:\?|$)/;
const upgradeField = /^(?:keep-alive, ?)?upgrade$/i;
const keepAliveField = `keep-alive: timeout=${keepAliveSeconds}\r\n`;

/** A connection on which nothing was asked yet, or publishes alone. */
export class Visitor {
  readonly #door: FrontDoor;
  readonly #hot: HotRequests;
  readonly #socket: Socket;
  /** Whether a request is being answered. */
  #busy = false;
  /** Whether one was answered, so that the connection may be idle for as long as kept ones may. */
  #known = false;

  constructor(door: FrontDoor, hot: HotRequests, socket: Socket, patienceMs: number) {
    this.#door = door;
    this.#hot = hot;
    this.#socket = socket;
    socket.setTimeout(patienceMs);
    socket.on("data", this.#read);
    socket.on("timeout", this.#timeOut);
    socket.on("end", this.#end);
    socket.on("error", this.destroy);
    socket.on("close", this.#forget);
  }

  /** Ends the connection unless an answer is on its way. */
  closeIdle(): void {
    if (!this.#busy) this.#socket.end(this.destroy);
  }

  readonly #end = (): void => {
    this.#socket.end();
  };

  readonly #timeOut = (): void => {
    if (!this.#busy) this.destroy();
  };

  readonly destroy = (): void => {
    this.#socket.destroy();
  };

  readonly #forget = (): void => {
    this.#door.forget(this);
  };

  readonly #read = (chunk: Buffer): void => {
    const head = readHead(chunk);
    const body = chunk.subarray(head?.bytes);
    if (head !== undefined && isHandshake(head)) {
      this.#leave();
      this.#hot.handshake(this.#requestOf(head), body);
    } else if (head !== undefined && isPublish(head, body.length)) {
      this.#answer(head, body);
    } else {
      this.#leave();
      this.#door.handOn(this.#socket, chunk);
    }
  };

  #requestOf({ method, url, headers }: RequestHead): ReadRequest {
    return { method, url, headers, socket: this.#socket };
  }

  #answer(head: RequestHead, body: Buffer): void {
    const reply = this.#hot.publish(this.#requestOf(head), body);
    if (!(reply instanceof Promise)) return this.#write(reply, head);
    void this.#answerLater(reply, head);
  }

  /** Nothing else is read until the answer is there: answers keep the order of requests. */
  async #answerLater(reply: Promise<HttpReply>, head: RequestHead): Promise<void> {
    this.#busy = true;
    this.#socket.pause();
    const later = await reply;
    this.#busy = false;
    this.#socket.resume();
    this.#write(later, head);
  }

  #write({ status, headers, body }: HttpReply, { headers: { connection } }: RequestHead): void {
    let text = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
    for (const name in headers) text += `${name}: ${headers[name]}\r\n`;
    const socket = this.#socket;
    if (connection?.toLowerCase() === "close" || !this.#door.listening) {
      socket.end(`${text}connection: close\r\n\r\n${body}`);
      return;
    }
    if (!this.#known) socket.setTimeout(keepAliveSeconds * 1_000);
    this.#known = true;
    if (socket.write(`${text}connection: keep-alive\r\n${keepAliveField}\r\n${body}`)) return;
    // A client that does not read its answers gets no further ones.
    socket.pause();
    socket.once("drain", () => socket.resume());
  }

  /** Lets go of the connection; from here on it is another's. */
  #leave(): void {
    const socket = this.#socket;
    socket.setTimeout(0);
    socket.off("data", this.#read);
    socket.off("timeout", this.#timeOut);
    socket.off("end", this.#end);
    socket.off("error", this.destroy);
    socket.off("close", this.#forget);
    this.#forget();
  }
}

function isHandshake({ method, headers }: RequestHead): boolean {
  return (
    method === "GET" &&
    headers["upgrade"]?.toLowerCase() === "websocket" &&
    upgradeField.test(headers["connection"] ?? "") &&
    headers["content-length"] === undefined
  );
}

/** Whether this is a publish with all of its body and nothing behind it. */
function isPublish({ method, url, headers }: RequestHead, bodyBytes: number): boolean {
  return (
    method === "POST" &&
    headers["content-length"] === `${bodyBytes}` &&
    headers["upgrade"] === undefined &&
    /^(?:keep-alive|close|upgrade)?$/i.test(headers["connection"] ?? "") &&
    publishUrl.test(url)
  );
}
