import { connect, type Socket } from "node:net";
import { clientFrame } from "./client-frame.ts";
import type { Dialect } from "./dialect.ts";
import { FrameCounter } from "./frame-counter.ts";

/** One chunk buffer for all sockets: a subscriber has read its bytes before the next one is called. */
const chunk = Buffer.allocUnsafe(256 * 1024);

/** A raw TCP connection that shakes hands as a WebSocket client and from then on only counts messages. */
export class Subscriber {
  /** Messages received since the connection opened. */
  received = 0;
  /** The server's id for this connection, when the first message named one. */
  socketId: string | undefined;
  /** Called after each read that completed messages. */
  onMessages: (count: number, subscriber: Subscriber) => void = () => {};
  readonly #socket: Socket;
  readonly #frames = new FrameCounter();
  #upgraded = false;
  #failure: Error | undefined;
  #waiting:
    | { readonly goal: number; readonly resolve: () => void; readonly reject: (error: Error) => void }
    | undefined;
  #closing = false;

  private constructor(port: number, dialect: Dialect) {
    this.#socket = connect({
      port,
      host: "127.0.0.1",
      noDelay: true,
      onread: { buffer: chunk, callback: (length) => this.#read(length) },
    });
    this.#socket.on("error", (cause) => this.#fail(new Error("A subscriber's connection failed", { cause })));
    this.#socket.on("close", () => this.#fail(new Error("The server closed a subscriber's connection")));
    this.#socket.write(handshake(dialect.path));
  }

  /** Connects and goes through the dialect's opening; rejects when the server refuses or hangs up. */
  static async open(port: number, dialect: Dialect): Promise<Subscriber> {
    const subscriber = new Subscriber(port, dialect);
    let answers = 0;
    for (const step of dialect.opening) {
      if (step.say !== undefined) subscriber.say(clientFrame(step.say));
      answers += step.answers;
      await subscriber.#until(answers);
    }
    return subscriber;
  }

  /** Sends a frame made by `clientFrame` and waits for `answers` messages after those already received. */
  async ask(frame: Buffer, answers: number): Promise<void> {
    const goal = this.received + answers;
    this.say(frame);
    await this.#until(goal);
  }

  /** Sends a frame made by `clientFrame`. */
  say(frame: Buffer): void {
    this.#socket.write(frame);
  }

  /** Stops reading, so that the server's kernel buffers fill up, until `resume`. */
  pause(): void {
    this.#socket.pause();
  }

  /** Hangs up without a WebSocket close, like a laptop that is shut. */
  drop(): void {
    this.#closing = true;
    this.#socket.destroy();
  }

  #until(goal: number): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure);
    if (this.received >= goal) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#waiting = { goal, resolve, reject };
    });
  }

  #read(length: number): boolean {
    const start = this.#upgraded ? 0 : this.#upgrade(length);
    if (start === undefined) return true;
    const bytes = start === 0 ? chunk : chunk.subarray(start);
    if (this.received === 0)
      this.socketId ??= /"socket_id\\?":\\?"(\d+\.\d+)/.exec(bytes.toString("latin1", 0, length - start))?.[1];
    const count = this.#frames.count(bytes, length - start);
    if (count > 0) {
      this.received += count;
      this.onMessages(count, this);
      if (this.#waiting && this.received >= this.#waiting.goal) {
        const { resolve } = this.#waiting;
        this.#waiting = undefined;
        resolve();
      }
    }
    if (this.#frames.closed) this.#fail(new Error("The server sent a close frame to a subscriber"));
    return true;
  }

  /** Checks the answer to the handshake and returns where frames begin; `undefined` while the answer is incomplete. */
  #upgrade(length: number): number | undefined {
    const head = chunk.toString("latin1", 0, length);
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) return undefined;
    if (!head.startsWith("HTTP/1.1 101")) {
      this.#fail(new Error(`The server refused a WebSocket: ${head.slice(0, 60)}`));
      return undefined;
    }
    this.#upgraded = true;
    return end + 4;
  }

  #fail(error: Error): void {
    if (this.#closing) return;
    this.#failure ??= error;
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }

  /** Why the connection ended, if it ended without `drop`. */
  get failure(): Error | undefined {
    return this.#failure;
  }
}

/** The key may be constant: the generator does not check the server's answer to it, the test suite does. */
function handshake(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;
}
