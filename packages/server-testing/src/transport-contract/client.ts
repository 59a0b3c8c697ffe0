import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { WebSocket, type ClientOptions } from "ws";
import type { ContractCommand, ContractState } from "./server.ts";

/** How a connection ended. */
export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** One WebSocket of the transport contract. */
export class ContractClient {
  readonly socket: WebSocket;
  /** How the connection ended, once it does. */
  readonly closed: Promise<Closed>;
  readonly #received: string[] = [];
  #wake: (() => void) | undefined;
  #below: Socket | undefined;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (message: Buffer) => {
      this.#received.push(message.toString());
      this.#wake?.();
    });
    this.closed = new Promise((resolve) => {
      socket.on("close", (code, reason) => {
        resolve({ code, reason: reason.toString() });
        this.#wake?.();
      });
    });
    socket.on("upgrade", (response) => {
      this.#below = response.socket;
    });
    socket.on("error", () => undefined);
  }

  static async open(
    port: number,
    path = "/app/key",
    options: ClientOptions = {},
    protocols: string[] = [],
  ): Promise<ContractClient> {
    const client = new ContractClient(new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, options));
    await once(client.socket, "open");
    return client;
  }

  /** Has the server do something. */
  command(command: ContractCommand): void {
    this.socket.send(JSON.stringify(command));
  }

  /** Has the server do something, and waits until it was done. */
  async ask(...commands: readonly ContractCommand[]): Promise<void> {
    const done = `done ${randomBytes(8).toString("hex")}`;
    for (const command of commands) this.command(command);
    this.command({ do: "send", texts: [done] });
    await this.#until((received) => received.at(-1) === done);
    this.#received.pop();
  }

  /** The next messages, in the order in which they came. */
  async next(count: number): Promise<string[]> {
    await this.#until((received) => received.length >= count);
    return this.#received.splice(0, count);
  }

  /** Everything that came and was not taken yet. */
  rest(): string[] {
    return this.#received.splice(0);
  }

  /** Bytes that came in below the WebSocket. */
  get bytesReceived(): number {
    return this.#below?.bytesRead ?? 0;
  }

  /** Writes bytes below the WebSocket. */
  sendRaw(bytes: Iterable<number>): void {
    this.#below?.write(Uint8Array.from(bytes));
  }

  close(): void {
    this.socket.terminate();
  }

  async #until(enough: (received: readonly string[]) => boolean): Promise<void> {
    while (!enough(this.#received)) {
      if (this.socket.readyState !== WebSocket.OPEN) throw new Error("The connection closed before the messages came");
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

/** A connection that is closed when the test ends. */
export async function open(
  port: number,
  path?: string,
  protocols?: string[],
  headers: Record<string, string> = {},
): Promise<ContractClient> {
  const client = await ContractClient.open(port, path, { headers }, protocols);
  onTestFinished(() => client.close());
  return client;
}

/** Connections that joined a topic; closed when the test ends. */
export async function joined(port: number, topic: string, count: number): Promise<ContractClient[]> {
  const clients = await Promise.all(Array.from({ length: count }, () => open(port)));
  await Promise.all(clients.map((client) => client.ask({ do: "join", topic })));
  return clients;
}

/** A connection that joins a topic and then never reads. */
export async function openStalled(port: number, topic: string): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.write(
    [
      "GET /app/key HTTP/1.1",
      "Host: 127.0.0.1",
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
      "\r\n",
    ].join("\r\n"),
  );
  await once(socket, "data");
  socket.write(maskedText(JSON.stringify({ do: "join", topic } satisfies ContractCommand)));
  socket.pause();
  socket.on("error", () => undefined);
  return socket;
}

/** A short text frame as clients send it; a mask of zeros leaves the text as it is. */
function maskedText(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, 0x80 | Buffer.byteLength(text), 0, 0, 0, 0]), Buffer.from(text)]);
}

/** What the contract server has seen so far. */
export async function stateOf(port: number): Promise<ContractState> {
  const response = await fetch(`http://127.0.0.1:${port}/state`);
  return (await response.json()) as ContractState;
}

/** Publishes `times` messages "{index} {body}" to a topic. */
export async function publish(port: number, topic: string, body: string, times = 1): Promise<void> {
  await fetch(`http://127.0.0.1:${port}/publish?topic=${topic}&times=${times}`, { method: "POST", body });
}

/** How many links a topic has. */
export async function topicSize(port: number, topic: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/publish?topic=${topic}&times=0`, { method: "POST" });
  return Number(await response.text());
}
