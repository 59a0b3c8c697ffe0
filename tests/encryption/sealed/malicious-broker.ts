import type { AddressInfo } from "node:net";
import { WebSocketServer, WebSocket } from "ws";
import type { SeededRandom } from "../../fixtures/seeded-random.ts";

/** A message of the server. */
export interface Message {
  readonly event: string;
  readonly channel?: string;
  readonly data?: unknown;
}

/** What the broker does with a message of the server, given what it has seen before. */
export type Attack = (message: Message, seen: readonly Message[], random: SeededRandom) => readonly Message[];

/** A proxy between clients and a server, which changes what the server sends. */
export interface MaliciousBroker {
  readonly url: string;
  /** How often each attack was used. */
  readonly used: Map<string, number>;
  close(): Promise<void>;
}

/** Starts a proxy that uses one of the attacks on each event of a sealed channel or to a user, drawn at random. */
export async function startMaliciousBroker(
  serverPort: number,
  attacks: Readonly<Record<string, Attack>>,
  random: SeededRandom,
): Promise<MaliciousBroker> {
  const used = new Map<string, number>();
  const seen: Message[] = [];
  const names = Object.keys(attacks);
  const proxy = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  proxy.on("connection", (client, request) => {
    const upstream = new WebSocket(`ws://127.0.0.1:${serverPort}${request.url ?? ""}`);
    const waiting: string[] = [];
    client.on("message", (data: Buffer) => {
      if (upstream.readyState === WebSocket.OPEN) upstream.send(data.toString());
      else waiting.push(data.toString());
    });
    upstream.on("open", () => {
      for (const text of waiting.splice(0)) upstream.send(text);
    });
    upstream.on("message", (data: Buffer) => {
      const message = JSON.parse(data.toString()) as Message;
      const isEvent = /sealed|^#server-to-user-/.test(message.channel ?? "") && !message.event.startsWith("pusher");
      if (!isEvent) return client.send(data.toString());
      seen.push(message);
      const name = random.pick(names);
      used.set(name, (used.get(name) ?? 0) + 1);
      for (const forged of attacks[name]?.(message, seen, random) ?? []) client.send(JSON.stringify(forged));
    });
    client.on("close", () => upstream.close());
    upstream.on("close", () => client.close());
    upstream.on("error", () => client.terminate());
  });
  await new Promise<void>((resolve) => {
    proxy.on("listening", resolve);
  });
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    used,
    close: () =>
      new Promise((resolve) => {
        for (const client of proxy.clients) client.terminate();
        proxy.close(() => resolve());
      }),
  };
}
