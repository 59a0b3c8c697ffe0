// Clients whose connections are cut again and again, while a backend publishes.
import { recover, type RecoverableClient } from "@sealcast/client/recover";
import { Sealcast } from "@sealcast/client";
import { startServer, testApp, type TestServer } from "@sealcast/server-testing";
import { describeWithRedis, startRedis } from "@sealcast/server-testing/redis";
import Echo from "laravel-echo";
import { describe, expect, onTestFinished, test } from "vitest";
import { startAppBackend, type AppBackend } from "../fixtures/app-backend.ts";
import { credentials } from "../fixtures/credentials.ts";
import { OurPusherJs } from "../fixtures/our-pusher-js.ts";
import { PusherJs } from "../fixtures/pusher-js.ts";
import { SeededRandom } from "../fixtures/seeded-random.ts";
import { startTcpProxy, type TcpProxy } from "../fixtures/tcp-proxy.ts";
import { pusherJsOptions } from "./pusher-js-client.ts";

const channels = ["orders", "private-encrypted-orders"] as const;
const rounds = 2;
const eventsPerRound = 60;
const app = testApp({ history: [{ prefix: "", size: 1_000, ttlSeconds: 60 }] });

/** The part of a client that this test uses. */
interface Client extends RecoverableClient {
  readonly connection: RecoverableClient["connection"] & { readonly state: string };
  subscribe(name: string): {
    readonly subscribed: boolean;
    bind(event: string, listener: (data: never) => void): unknown;
  };
  disconnect(): void;
}

type Connect = (port: number, backendUrl: string) => Client;

const libraries: Readonly<Record<string, Connect>> = {
  "pusher-js": (port, url) => new PusherJs(credentials.key, optionsOf(port, url)),
  "the drop-in for pusher-js": (port, url) => new OurPusherJs(credentials.key, optionsOf(port, url)),
  Sealcast: (port, url) => {
    const channelAuthorization = { endpoint: `${url}/pusher/auth` };
    return new Sealcast(credentials.key, {
      url: `http://127.0.0.1:${port}`,
      channelAuthorization,
    });
  },
  "laravel-echo": (port, url) => {
    const client = new PusherJs(credentials.key, optionsOf(port, url));
    const echo = new Echo<"pusher">({ broadcaster: "pusher", key: credentials.key, client });
    return echo.connector.pusher as PusherJs;
  },
};

function optionsOf(serverPort: number, backendUrl: string): ReturnType<typeof pusherJsOptions> {
  return pusherJsOptions({ serverPort, backendUrl, user: "ada" });
}

const numbers = Array.from({ length: rounds * eventsPerRound }, (_, number) => number);
const complete = {
  events: { orders: numbers, "private-encrypted-orders": numbers },
  outcomes: Array.from({ length: rounds * channels.length }, () => "pusher:recovered"),
};
const everything = Object.keys(libraries).map((name) => ({ name, ...complete }));

/** One client, what it has received, and the network that it uses. */
class CutClient {
  readonly name: string;
  readonly events: Record<(typeof channels)[number], number[]> = { orders: [], "private-encrypted-orders": [] };
  readonly outcomes: string[] = [];
  readonly #proxy: TcpProxy;
  readonly #client: Client;
  #isSubscribed: () => boolean = () => false;

  constructor(library: string, connect: Connect, proxy: TcpProxy, backend: AppBackend) {
    this.name = library;
    this.#proxy = proxy;
    this.#client = connect(proxy.port, backend.url);
    recover(this.#client);
    const subscribed = channels.map((name) => {
      const channel = this.#client.subscribe(name);
      channel.bind("paid", ({ number }: { readonly number: number }) => this.events[name].push(number));
      for (const event of ["pusher:recovered", "pusher:not_recovered"]) {
        channel.bind(event, () => this.outcomes.push(event));
      }
      return channel;
    });
    this.#isSubscribed = () => subscribed.every((channel) => channel.subscribed);
  }

  get isSubscribed(): boolean {
    return this.#client.connection.state === "connected" && this.#isSubscribed();
  }

  cut(): void {
    this.#proxy.cut();
  }

  async close(): Promise<void> {
    this.#client.disconnect();
    await this.#proxy.close();
  }
}

/** Cuts clients of all libraries while events are published, and returns what each has received. */
async function received(servers: readonly [TestServer, ...TestServer[]]): Promise<readonly object[]> {
  const random = new SeededRandom();
  console.log(`recovery: SEED=${random.seed}`);
  const [first, ...others] = servers.map(({ port }) => port);
  const backend = await startAppBackend(first ?? 0);
  const clients = await Promise.all(
    Object.entries(libraries).map(
      async ([name, connect]) => new CutClient(name, connect, await startTcpProxy(first ?? 0, ...others), backend),
    ),
  );
  onTestFinished(async () => {
    for (const client of clients) await client.close();
    await backend.close();
  });
  for (let round = 0; round < rounds; round += 1) {
    const outcomes = round * channels.length;
    const isBack = (client: CutClient): boolean => client.isSubscribed && client.outcomes.length >= outcomes;
    await expect.poll(() => clients.every(isBack), { timeout: 15_000 }).toBe(true);
    const cuts = new Map(clients.map((client) => [client, random.below(eventsPerRound)]));
    for (let index = 0; index < eventsPerRound; index += 1) {
      const number = round * eventsPerRound + index;
      const published = channels.map((channel) => backend.pusher.trigger(channel, "paid", { number }));
      for (const client of clients) if (cuts.get(client) === index) client.cut();
      await Promise.all(published);
    }
  }
  await expect.poll(() => clients.every(isDone), { timeout: 15_000 }).toBe(true);
  return clients.map(({ name, events, outcomes }) => ({ name, events, outcomes }));
}

function isDone({ events, outcomes }: CutClient): boolean {
  return outcomes.length >= complete.outcomes.length && channels.every((name) => events[name].length >= numbers.length);
}

describe("[REC2] clients that are cut off again and again receive every event once, in order", () => {
  test("from one server", { timeout: 60_000 }, async () => {
    const server = await startServer({ apps: [app] });
    onTestFinished(() => server.close());
    expect(await received([server])).toEqual(everything);
  });

  describeWithRedis("from two servers in turn", () => {
    test("that share one Redis", { timeout: 60_000 }, async () => {
      const redis = await startRedis();
      onTestFinished(() => redis.stop());
      const settings = { engine: "redis", engineUrl: redis.url } as const;
      const servers = [
        await startServer({ apps: [app], settings }),
        await startServer({ apps: [app], settings }),
      ] as const;
      onTestFinished(async () => {
        for (const server of servers) await server.close();
      });
      expect(await received(servers)).toEqual(everything);
    });
  });
});
