import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callApi, send, type ApiRequest } from "../fixtures/api-request.ts";
import { Crowd } from "../fixtures/crowd.ts";
import { RawClient } from "../fixtures/raw-client.ts";
import { TcpClient, textFrame } from "../fixtures/tcp-client.ts";
import { TurnProcess, type TurnLimits } from "../fixtures/turn-process.ts";

/** The largest valid input of an endpoint or a message, for data of so many bytes. */
interface Row {
  readonly what: string;
  readonly run: (port: number, bytes: number, server: TurnProcess) => Promise<unknown>;
  /** Data of one event with the largest limits, in bytes; by default, the largest. */
  readonly largestBytes?: number;
}

/** Connections of a crowd: enough to block if all of them were handled in one turn. */
const crowdSize = 150;

const hundred = Array.from({ length: 100 }, (_, index) => `c${index}`);

function publish(channels: readonly string[], data: string): ApiRequest {
  return { path: "/events", body: { name: "e", channels, data } };
}

function batchOf(data: string): ApiRequest {
  return {
    path: "/batch_events",
    body: { batch: hundred.slice(0, 10).map((channel) => ({ name: "e", channel, data })) },
  };
}

async function withClient(port: number, run: (client: RawClient) => Promise<unknown>): Promise<void> {
  const client = await RawClient.connect(port);
  await run(client);
  await client.close();
}

function refusedSubscription(index: number): string {
  return JSON.stringify({ event: "pusher:subscribe", data: { channel: `private-${index}`, auth: "app-key:0" } });
}

/** Sends as much as one read takes on all connections at once, and cuts them after a while. */
async function flood(clients: readonly TcpClient[], part: Uint8Array | string): Promise<void> {
  const one = Buffer.from(part);
  const bytes = Buffer.concat(Array.from({ length: Math.floor(65_536 / one.length) }, () => one));
  for (const { socket } of clients) socket.removeAllListeners("data").resume().write(bytes);
  await wait(500);
  for (const client of clients) client.drop();
  await Promise.all(clients.map(({ ended }) => ended));
}

const rows: readonly Row[] = [
  {
    what: "many connections that send many requests at once",
    run: (port) =>
      flood(
        Array.from({ length: 30 }, () => new TcpClient(port)),
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
      ),
  },
  {
    what: "many connections that send many messages at once",
    run: async (port) =>
      flood(
        await Promise.all(Array.from({ length: 30 }, () => TcpClient.upgraded(port))),
        textFrame(refusedSubscription(0)),
      ),
  },
  { what: "a publish to 100 channels", run: (port, bytes) => callApi(port, publish(hundred, "x".repeat(bytes))) },
  { what: "a publish of quotation marks", run: (port, bytes) => callApi(port, publish(hundred, '"'.repeat(bytes))) },
  {
    what: "a publish of control characters",
    run: (port, bytes) => callApi(port, publish(hundred, "\u0001".repeat(bytes))),
  },
  {
    // JSON makes six characters of each control character; beside a Chinese one, each takes two bytes of memory.
    what: "control characters for a subscriber",
    run: (port, bytes) =>
      withClient(port, async (client) => {
        await client.subscribe("a");
        await callApi(port, publish(["a"], `漢${"\u0001".repeat(bytes - 3)}`));
        await client.settled();
      }),
  },
  {
    what: "a batch",
    run: (port, bytes) => callApi(port, batchOf("x".repeat(bytes))),
  },
  {
    what: "a batch of quotation marks",
    run: (port, bytes) => callApi(port, batchOf('"'.repeat(bytes))),
  },
  {
    what: "a batch of Chinese characters",
    run: (port, bytes) => callApi(port, batchOf("漢".repeat(bytes / 3))),
  },
  {
    what: "a body full of what no event is",
    run: (port, bytes) => callApi(port, { path: "/batch_events", body: `{"batch":[${"[],".repeat(6 * bytes)}1]}` }),
  },
  {
    what: "a publish to one channel, the old way",
    run: (port, bytes) =>
      callApi(port, { path: "/channels/a/events", query: [["name", "e"]], body: "x".repeat(bytes) }),
  },
  {
    what: "the kept events of a channel",
    run: async (port, bytes) => {
      await callApi(port, publish(["kept-a"], '"'.repeat(bytes)));
      return callApi(port, { method: "GET", path: "/channels/kept-a/events", query: [["limit", "1000"]] });
    },
  },
  {
    what: "the list of channels",
    run: (port) =>
      withClient(port, async (client) => {
        for (let index = 0; index < 1_000; index += 1) {
          client.sendSubscribe(`${"x".repeat(150)}${index}`);
          if (index % 100 === 99) await client.settled();
        }
        await callApi(port, { method: "GET", path: "/channels" });
      }),
  },
  {
    what: "an app that ends with many connections",
    async run(port, _, server) {
      const crowd = await Crowd.open(port, "crowd", crowdSize, (member) => [
        ...hundred.slice(0, 20).map((channel) => member.subscribe(channel)),
        member.join(`presence-${member.index % 3}`, `user-${member.index}`, undefined),
      ]);
      await server.longestTurn();
      const closed = crowd.heard();
      await server.setCrowd("disable");
      await closed;
      await server.setCrowd("enable");
      await crowd.drop();
    },
  },
  {
    what: "a user with many connections who is terminated",
    async run(port, _, server) {
      const crowd = await Crowd.open(port, "app-key", crowdSize, (member) => [
        ...hundred.slice(0, 20).map((channel) => member.subscribe(channel)),
        member.signIn("ada"),
      ]);
      await server.longestTurn();
      const closed = crowd.heard();
      await callApi(port, { path: "/users/ada/terminate_connections", body: {} });
      await closed;
      await crowd.drop();
    },
  },
  {
    what: "many connections that end at once, and a publish to 100 channels of each",
    async run(port, _, server) {
      const crowd = await Crowd.open(port, "app-key", crowdSize, (member) =>
        hundred.map((channel) => member.subscribe(channel)),
      );
      await server.longestTurn();
      await callApi(port, publish(hundred, "x"));
      await crowd.drop();
    },
  },
  {
    what: "a join of a presence channel with a long list of members",
    // As many members as the largest limits allow, and the longest list: 10 MiB.
    largestBytes: 65_500,
    async run(port, bytes, server) {
      const info = "i".repeat(bytes < 65_500 ? 1_000 : 65_500);
      const crowd = await Crowd.open(port, "app-key", bytes < 65_500 ? 99 : 159, (member) => [
        member.join("presence-long", `user-${member.index}`, info),
      ]);
      await server.longestTurn();
      await withClient(port, (client) => client.join("presence-long", "last", info));
      await crowd.drop();
    },
  },
  {
    what: "a client event",
    run: (port, bytes) =>
      withClient(port, async (client) => {
        await client.subscribe("private-a");
        client.send({ event: "client-x", channel: "private-a", data: "x".repeat(bytes) });
        await client.settled();
      }),
  },
  {
    what: "a sign-in with a long watchlist",
    run: (port) =>
      withClient(port, (client) => {
        const watchlist = Array.from({ length: 1_500 }, (_, index) => `${"u".repeat(30)}${index}`);
        return client.signIn({ id: "ada", watchlist });
      }),
  },
  {
    what: "xhr_send full of empty messages",
    run: async (port, bytes) => {
      const path = `/app/app-key/1/${Math.random().toString(36).slice(2)}`;
      await send(port, "POST", `${path}/xhr`);
      await send(port, "POST", `${path}/xhr_send`, `[${'"",'.repeat(bytes)}""]`);
    },
  },
  {
    what: "xhr_send full of refused subscriptions",
    run: async (port) => {
      const path = `/app/app-key/1/${Math.random().toString(36).slice(2)}`;
      await send(port, "POST", `${path}/xhr`);
      await send(
        port,
        "POST",
        `${path}/xhr_send`,
        JSON.stringify(Array.from({ length: 500 }, (_, i) => refusedSubscription(i))),
      );
    },
  },
  {
    what: "frames of SockJS, each full of subscriptions that are refused",
    async run(port) {
      const client = new RawClient(port, { path: "/pusher/000/turns/websocket" });
      client.socket.removeAllListeners("message");
      await client.opened;
      client.send([JSON.stringify({ path: "/app/app-key?protocol=7" })]);
      for (let frame = 0; frame < 20; frame += 1) {
        client.send(Array.from({ length: 100 }, (_, index) => refusedSubscription(index)));
      }
      // Behind everything else.
      client.send("no list");
      await client.closed;
    },
  },
];

/** How long a process may take to start on a busy machine. */
const startTimeoutMs = 60_000;
/** Some rows move gigabytes. */
const rowTimeoutMs = 120_000;
/** Share of the reference, which takes about 50 ms, that a turn may take. */
const shares: Readonly<Record<TurnLimits, number>> = { default: 0.5, largest: 1 };
const sizes: Readonly<Record<TurnLimits, number>> = { default: 10_240, largest: 1_048_576 };

describe.each([
  { runtime: "Node.js", limits: "default" },
  { runtime: "Node.js", limits: "largest" },
  { runtime: "Bun", limits: "default" },
] as const)("$runtime with $limits limits keeps its turns short", ({ runtime, limits }) => {
  let server: TurnProcess;
  beforeAll(async () => {
    server = await TurnProcess.start(runtime, limits);
    // The first requests pay for what is compiled.
    for (const { run } of rows) await run(server.port, 1_000, server);
  }, startTimeoutMs);
  afterAll(() => server.close());

  test.each(rows)("for $what", { timeout: rowTimeoutMs }, async ({ run, largestBytes = sizes.largest }) => {
    const bytes = limits === "largest" ? largestBytes : sizes[limits];
    const turns: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      await server.longestTurn();
      await run(server.port, bytes, server);
      turns.push(await server.longestTurn());
    }
    // What blocks, blocks each time; the collection of garbage does not.
    expect(Math.min(...turns) / server.referenceMs).toBeLessThan(shares[limits]);
  });
});
