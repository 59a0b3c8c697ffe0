import { setTimeout as wait } from "node:timers/promises";
import { callApi, send, type ApiRequest } from "../fixtures/api-request.ts";
import { RawClient } from "../fixtures/raw-client.ts";
import type { SeededRandom } from "../fixtures/seeded-random.ts";
import { TcpClient, textFrame } from "../fixtures/tcp-client.ts";

/** Something that hostile clients do for as long as they are let. */
export interface SustainedAttack {
  readonly name: string;
  /** Attacks until `isOver` returns true. */
  readonly run: (port: number, isOver: () => boolean, random: SeededRandom) => Promise<unknown>;
}

/** An app with the largest limits. */
const largeApp = { appId: "large", key: "large" } as const;
const mebibyte = 1_048_576;

/** Every attack whose effect on others is measured. */
export const sustainedAttacks: readonly SustainedAttack[] = [
  {
    name: "readers that stall",
    run: (port, isOver) =>
      inParallel(75, async () => {
        while (!isOver()) {
          const client = await TcpClient.upgraded(port);
          client.socket.pause();
          while (!isOver() && client.isOpen) {
            if (client.socket.writableLength < mebibyte) client.write(refusedSubscriptions);
            await wait(150);
          }
          client.drop();
        }
      }),
  },
  {
    name: "requests to xhr_send",
    run: (port, isOver, random) =>
      inParallel(4, async () => {
        while (!isOver()) {
          const path = `/app/app-key/1/${random.below(2 ** 31)}`;
          await send(port, "POST", `${path}/xhr`);
          await send(port, "POST", `${path}/xhr_send`, random.pick(xhrBodies));
        }
      }),
  },
  {
    name: "floods of a hundred connections",
    run: (port, isOver) =>
      Promise.all([
        inParallel(80, () => flood(() => TcpClient.upgraded(port), manyPings, isOver)),
        inParallel(20, () => flood(async () => new TcpClient(port), manyRequests, isOver)),
      ]),
  },
  {
    name: "the largest publishes and lists",
    run: async (port, isOver, random) => {
      const clients = await Promise.all(Array.from({ length: 20 }, () => RawClient.connect(port)));
      for (const [index, client] of clients.entries()) {
        for (let number = 0; number < 1_000; number += 1) client.sendSubscribe(`${"x".repeat(140)}-${index}-${number}`);
        await client.settled();
      }
      while (!isOver()) await callApi(port, random.pick(largestRequests));
      for (const client of clients) client.drop();
    },
  },
  {
    name: "names, events and sessions without end",
    run: (port, isOver, random) =>
      Promise.all([
        inParallel(2, async () => {
          while (!isOver()) await callApi(port, publishTo(names("cache", 100, random), ""));
        }),
        inParallel(4, async () => {
          while (!isOver()) {
            const client = await RawClient.connect(port);
            for (const name of names("name", 1_000, random)) client.sendSubscribe(name.padEnd(160, "x"));
            await Promise.race([client.settled(), client.closed]);
            client.drop();
          }
        }),
        inParallel(4, async () => {
          while (!isOver()) await send(port, "POST", `/app/app-key/1/${random.below(2 ** 31)}/xhr`);
        }),
        inParallel(50, () => flood(async () => new TcpClient(port), partOfBody, isOver)),
      ]),
  },
];

/** Each is answered twice, with about 1 KB together. */
const refusedSubscriptions = Buffer.concat(
  Array.from({ length: 200 }, () =>
    textFrame(
      JSON.stringify({
        event: "pusher:subscribe",
        data: { channel: `private-${"x".repeat(150)}`, auth: `app-key:${"a".repeat(200)}` },
      }),
    ),
  ),
);
const manyPings = repeated(textFrame('{"event":"pusher:ping"}'));
const manyRequests = repeated(Buffer.from("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
const partOfBody = Buffer.from(
  `POST /apps/1001/events HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n${"x".repeat(60_000)}`,
);

const xhrBodies: readonly string[] = [
  `[${"[],".repeat(200_000)}[]]`,
  `[${`${"[".repeat(400)}${"]".repeat(400)},`.repeat(700)}1]`,
  JSON.stringify(
    Array.from({ length: 2_000 }, (_, index) =>
      JSON.stringify({ event: "pusher:subscribe", data: { channel: `private-${index}`, auth: "app-key:0" } }),
    ),
  ),
];

const largestRequests: readonly ApiRequest[] = [
  { ...largeApp, ...publishTo(numbered("c", 100), '"'.repeat(mebibyte)) },
  { ...largeApp, ...publishTo(numbered("c", 100), "x".repeat(mebibyte)) },
  {
    ...largeApp,
    path: "/batch_events",
    body: { batch: numbered("c", 10).map((channel) => ({ name: "e", channel, data: "x".repeat(mebibyte) })) },
  },
  { method: "GET", path: "/channels" },
];

function publishTo(channels: readonly string[], data: string): ApiRequest {
  return { path: "/events", body: { name: "e", channels, data } };
}

function numbered(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
}

function names(prefix: string, count: number, random: SeededRandom): string[] {
  return Array.from({ length: count }, () => `${prefix}-${random.below(2 ** 31)}`);
}

function repeated(part: Buffer): Buffer {
  return Buffer.concat(Array.from({ length: Math.floor(65_536 / part.length) }, () => part));
}

function inParallel(count: number, run: () => Promise<void>): Promise<unknown> {
  return Promise.all(Array.from({ length: count }, run));
}

/** Sends the same bytes over and over, as fast as the server takes them, and comes back when it is closed. */
async function flood(open: () => Promise<TcpClient>, bytes: Buffer, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const client = await open();
    client.socket.removeAllListeners("data").resume();
    while (!isOver() && client.isOpen) {
      if (client.socket.writableLength < bytes.length) client.write(bytes);
      await wait(20);
    }
    client.drop();
  }
}
