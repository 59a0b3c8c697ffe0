import { randomUUID } from "node:crypto";
import { ignoredEvents } from "@sealcast/server-testing";
import { describeWithRedis, startRedis, type RedisProcess } from "@sealcast/server-testing/redis";
import type { AppId, ChannelName, SocketId, UserId } from "@sealcast/protocol";
import { afterAll, beforeAll, beforeEach, afterEach, expect, test, vi } from "vitest";
import { systemClock } from "../../clock/system.ts";
import { cleanUpAfter } from "./nodes/cleanup.ts";
import { Keys } from "./encoding/keys.ts";
import { Lease } from "./nodes/lease.ts";
import { NodeRedisConnection } from "./connection/node-redis-connection.ts";
import { RedisEngine } from "./redis-engine.ts";
import { RedisNode } from "./nodes/redis-node.ts";
import type { Reply, Script } from "./connection/redis-connection.ts";

const app = "app" as AppId;
const room = "presence-room" as ChannelName;
const news = "news" as ChannelName;
const ada = "ada" as UserId;

/** A connection that holds one command back: its sender gets an error, and Redis gets the command later. */
class HoldingConnection extends NodeRedisConnection {
  /** The names of the scripts that have run since a command was last held. */
  readonly ran = new Set<string>();
  #awaited: string | undefined;
  #held: readonly [Script, readonly string[], readonly string[]] | undefined;

  holdNext(name: string): void {
    this.ran.clear();
    this.#awaited = name;
  }

  /** Sends what was held, here or on the connection of another node. */
  deliver(by: NodeRedisConnection = this): Promise<Reply> {
    if (this.#held === undefined) throw new Error("Nothing was held");
    return by.run(...this.#held);
  }

  override async run(...command: [Script, readonly string[], readonly string[]]): Promise<Reply> {
    const [{ name }] = command;
    if (name === this.#awaited) {
      this.#awaited = undefined;
      this.#held = command;
      throw new Error("The connection was lost");
    }
    const reply = await super.run(...command);
    this.ran.add(name);
    return reply;
  }
}

interface Node {
  /** Another object for what the engine has inside: it has the same name. */
  readonly node: RedisNode;
  readonly connection: HoldingConnection;
  readonly engine: RedisEngine;
}

describeWithRedis("a command that reaches Redis after its connection was given up", () => {
  let redis: RedisProcess;
  let here: Node;
  let there: Node;

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  beforeEach(async () => {
    const prefix = randomUUID();
    here = await startNode(redis.url, prefix);
    there = await startNode(redis.url, prefix);
  });
  afterEach(async () => {
    await here.engine.close();
    await there.engine.close();
  });

  test("[OCC4] a join changes nothing", async () => {
    here.connection.holdNext("join");
    expect(await join(here, room, "1.1")).toBe("unavailable");
    await ran(here, "sync");
    await here.connection.deliver();
    expect(await occupied()).toEqual([]);
  });

  test("[OCC4] a leave changes nothing", async () => {
    await join(here, news, "1.1");
    await join(here, news, "1.2");
    here.connection.holdNext("leave");
    await here.engine.leave(app, news, socketOf("1.1"));
    await ran(here, "sync");
    await here.connection.deliver();
    expect(await occupied()).toEqual([{ channel: news, subscriptions: 1, users: 0 }]);
  });

  test("[OCC4] a synchronization changes nothing", async () => {
    await join(here, news, "1.1");
    here.connection.holdNext("leave");
    await here.engine.leave(app, news, socketOf("1.1"));
    here.connection.holdNext("sync");
    await ran(here, "sync");
    await join(here, news, "1.2");
    await join(here, news, "1.3");
    await here.connection.deliver();
    expect(await occupied()).toEqual([{ channel: news, subscriptions: 2, users: 0 }]);
  });

  test("[OCC8] a join of a node that was given up changes nothing", async () => {
    await join(here, news, "1.1");
    here.connection.holdNext("join");
    expect(await join(here, room, "1.2")).toBe("unavailable");
    await here.engine.close();
    await here.connection.deliver(there.connection);
    expect(await occupied()).toEqual([]);
  });

  test("[OCC8] a node that others gave up, and whose lease does not show it, continues as a new one", async () => {
    await join(here, news, "1.1");
    await here.engine.signIn(app, ada, socketOf("1.1"), () => true);
    await cleanUpAfter(here.node.name, there.node);
    await new Lease(here.node).renew(true);
    expect(await occupied()).toEqual([]);
    expect(await join(here, news, "1.2")).toBe("unavailable");
    await vi.waitFor(async () => expect(await join(here, news, "1.3")).toBe("entered"), { timeout: 10_000 });
    expect(await occupied()).toEqual([{ channel: news, subscriptions: 2, users: 0 }]);
    expect(await online()).toEqual(["ada"]);
  });

  test("[DIR2] a sign-in changes nothing", async () => {
    here.connection.holdNext("sign-in");
    expect(await here.engine.signIn(app, ada, socketOf("1.1"), () => true)).toBe("unavailable");
    await ran(here, "sync-users");
    await here.connection.deliver();
    expect(await online()).toEqual([]);
  });

  test("[DIR5] a sign-in of a node that was given up changes nothing", async () => {
    await here.engine.signIn(app, ada, socketOf("1.1"), () => true);
    here.connection.holdNext("sign-in");
    await here.engine.signIn(app, "bob" as UserId, socketOf("1.2"), () => true);
    await here.engine.close();
    await here.connection.deliver(there.connection);
    expect(await online()).toEqual([]);
  });

  async function occupied(): Promise<unknown[]> {
    const all = [];
    for await (const page of there.engine.channels(app, "")) if (page !== "unavailable") all.push(...page);
    return all;
  }

  async function online(): Promise<string[]> {
    let users: readonly string[] = [];
    await there.engine.online(app, ["ada", "bob"], (found) => (users = [...found]));
    return [...users];
  }
});

async function startNode(url: string, prefix: string): Promise<Node> {
  const connection = new HoldingConnection({ url, cluster: false, sentinelPrimary: undefined });
  const name = randomUUID();
  const settings = { prefix, leaseMs: 60_000, report: () => undefined };
  const texts = [name];
  const randomText = (): string => texts.pop() ?? randomUUID();
  const engine = new RedisEngine(connection, systemClock, { ...settings, randomText });
  const node = new RedisNode(connection, systemClock, new Keys(prefix), { ...settings, randomText: () => name });
  await engine.start(ignoredEvents);
  return { node, connection, engine };
}

function join({ engine }: Node, channel: ChannelName, socket: string): Promise<unknown> {
  const member = { userId: ada, userInfo: "{}" };
  const presence = channel === room ? { member, maxMembers: 9, arrival: "+ada", departure: "-ada" } : undefined;
  return engine.join({ app, channel, socketId: socketOf(socket), presence, history: undefined }, () => true);
}

/** Resolves when a node has run a script after a command was held. */
async function ran({ connection }: Node, name: string): Promise<void> {
  await vi.waitFor(() => expect(connection.ran).toContain(name), { timeout: 10_000 });
}

function socketOf(text: string): SocketId {
  return text as SocketId;
}
