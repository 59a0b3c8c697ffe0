// cspell:ignore flushall hincrby ipairs zincrby zrange zadd zcard zrem
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { AppId, ChannelName, SocketId, UserId } from "@sealcast/protocol";
import { ignoredEvents } from "@sealcast/server-testing";
import { describeWithRedis, startRedis, type RedisProcess } from "@sealcast/server-testing/redis";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import type { OccupancyFact } from "../../../../core/channels/occupancy-fact.ts";
import type { Clock } from "../../../../ports/clock.ts";
import type { EngineStatus } from "../../../../ports/engine.ts";
import { systemClock } from "../../../clock/system.ts";
import { Deferred } from "../deferred.ts";
import { NodeRedisConnection } from "../connection/node-redis-connection.ts";
import { RedisEngine } from "../redis-engine.ts";
import type { ConnectionEvents, Reply } from "../connection/redis-connection.ts";

const app = "app" as AppId;
const room = "presence-room" as ChannelName;
const leaseMs = 3_000;
const ada = "ada" as UserId;
const bob = "bob" as UserId;

/** Moves the clock of all nodes. */
let clockAheadMs = 0;
const clock: Clock = { ...systemClock, monotonicNow: () => systemClock.monotonicNow() + clockAheadMs };

/** A connection whose commands wait while it is paused, and that can seem to be lost in part, as with Redis Cluster. */
class PausedConnection extends NodeRedisConnection {
  #resumed: Deferred<void> | undefined;
  #held: Deferred<void> | undefined;
  #events: ConnectionEvents | undefined;
  readonly topics: string[] = [];

  override async subscribe(...args: Parameters<NodeRedisConnection["subscribe"]>): Promise<void> {
    await super.subscribe(...args);
    this.topics.push(args[0]);
  }

  override async unsubscribe(...args: Parameters<NodeRedisConnection["unsubscribe"]>): Promise<void> {
    await super.unsubscribe(...args);
    this.topics.splice(this.topics.indexOf(args[0]), 1);
  }

  override open(events: ConnectionEvents): Promise<void> {
    this.#events = events;
    return super.open(events);
  }

  lose(): void {
    this.#events?.down("One of the servers cannot be reached");
  }

  mend(): void {
    this.#events?.up();
  }

  pause(): void {
    this.#resumed = new Deferred();
  }

  resume(): void {
    this.#resumed?.resolve();
  }

  /** Holds the answers of synchronizations of channels back, until the returned function is called. */
  holdSynchronizations(): () => void {
    const held = new Deferred<void>();
    this.#held = held;
    return () => held.resolve();
  }

  override async run(...command: Parameters<NodeRedisConnection["run"]>): Promise<Reply> {
    await this.#resumed?.promise;
    const reply = await super.run(...command);
    if (command[0].name === "sync") await this.#held?.promise;
    return reply;
  }
}

interface Node {
  readonly connection: PausedConnection;
  readonly engine: RedisEngine;
  readonly facts: OccupancyFact[];
  readonly offline: UserId[];
  readonly reports: string[];
  status: EngineStatus;
}

describeWithRedis("a node that has restored what it held before others have", () => {
  let redis: RedisProcess;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  test("[OCC7] [OCC8] takes its last connection and user for the last of all only when the others are there", async () => {
    const prefix = randomUUID();
    const [here, there] = [await startNode(redis.url, prefix), await startNode(redis.url, prefix)];
    for (const [{ engine }, socketId] of [
      [here, "1.1"],
      [there, "2.1"],
    ] as const) {
      expect(await join(engine, socketId, ada)).toBe("entered");
      expect(await engine.signIn(app, ada, socketId as SocketId, () => true)).toBe("entered");
    }
    // Each renewal of a lease, three times per lease, shows which nodes there are.
    await pause(leaseMs / 2);
    there.connection.pause();
    await redis.command("flushall");
    await vi.waitFor(() => expect(here.status).toBe("unavailable"), { timeout: 5_000 });
    for (const { facts } of [here, there]) facts.length = 0;
    await here.engine.leave(app, room, "1.1" as SocketId);
    await here.engine.signOut(app, ada, "1.1" as SocketId);
    there.connection.resume();
    await vi.waitFor(() => expect([here.status, there.status]).toEqual(["ready", "ready"]), { timeout: 10_000 });
    expect(await here.engine.members(app, room)).toEqual(["ada"]);
    for (const { facts, offline } of [here, there]) {
      expect(facts.filter(({ kind }) => kind !== "subscription-count")).toEqual([]);
      expect(offline).toEqual([]);
    }
  }, 30_000);
});

describeWithRedis("nodes whose Redis was silent for longer than their leases", () => {
  let redis: RedisProcess;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  test.each([
    ["[OCC7] do not give each other up", false, ["ada", "bob"]],
    ["[OCC7] give up a node that has died meanwhile", true, ["ada"]],
  ])(
    "%s",
    async (_, dies, members) => {
      const prefix = randomUUID();
      const [here, there] = [await startNode(redis.url, prefix), await startNode(redis.url, prefix)];
      expect(await join(here.engine, "1.1", ada)).toBe("entered");
      expect(await join(there.engine, "2.1", bob)).toBe("entered");
      process.kill(redis.pid, "SIGSTOP");
      if (dies) there.connection.pause();
      await pause(leaseMs + 1_000);
      process.kill(redis.pid, "SIGCONT");
      const removed = (): string[] =>
        here.facts.flatMap((fact) => (fact.kind === "member-removed" ? [fact.userId] : []));
      const expected = dies ? [bob] : [];
      // Each lease is renewed three times, or ends, in this time.
      await pause(2 * leaseMs);
      await vi.waitFor(() => expect(removed()).toEqual(expected), { timeout: 5_000 });
      expect(await here.engine.members(app, room)).toEqual(members);
      expect(there.reports.includes("engine.lease_lost")).toBe(false);
      there.connection.resume();
    },
    30_000,
  );
});

describeWithRedis("a node that has lost its connection to one of several Redis servers", () => {
  let redis: RedisProcess;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  test("[OCC7] renews its lease at the others", async () => {
    const prefix = randomUUID();
    const [here, there] = [await startNode(redis.url, prefix), await startNode(redis.url, prefix)];
    expect(await join(there.engine, "2.1", bob)).toBe("entered");
    there.connection.lose();
    await pause(2 * leaseMs);
    expect(there.status).toBe("unavailable");
    expect(here.reports).toEqual([]);
    there.connection.mend();
    await vi.waitFor(() => expect(there.status).toBe("ready"));
    expect(await here.engine.members(app, room)).toEqual(["bob"]);
    expect(there.reports).toEqual(["engine.interrupted"]);
  }, 30_000);
});

describeWithRedis("Redis whose clock is set back, or whose replica has another clock", () => {
  let redis: RedisProcess;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  test("[OCC8] does not keep what a dead node held for that time", async () => {
    const prefix = randomUUID();
    const [here, there] = [await startNode(redis.url, prefix), await startNode(redis.url, prefix)];
    expect(await join(there.engine, "2.1", bob)).toBe("entered");
    there.connection.pause();
    // As if all that was written came from a clock that is one hour ahead.
    const lua = `for _, node in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do redis.call('ZINCRBY', KEYS[1], 3600000, node) end
      return redis.call('HINCRBY', KEYS[2], 'last', 3600000)`;
    await redis.command("eval", lua, "2", `${prefix}:{nodes}:leases`, `${prefix}:{nodes}:data`);
    await vi.waitFor(() => expect(here.reports).toContain("engine.node_lost"), { timeout: 3 * leaseMs });
  }, 30_000);
});

describeWithRedis("a process that stopped for so long that others have given it up", () => {
  let redis: RedisProcess;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  /** Two nodes; commands of the second one wait until others have given it up, and until no fence is left of that. */
  async function startStopped(): Promise<readonly [here: Node, there: Node]> {
    const prefix = randomUUID();
    const [here, there] = [await startNode(redis.url, prefix), await startNode(redis.url, prefix)];
    expect(await join(there.engine, "2.1", bob)).toBe("entered");
    there.connection.pause();
    return [here, there];
  }

  async function untilGivenUp({ reports }: Node): Promise<void> {
    await vi.waitFor(() => expect(reports).toContain("engine.node_lost"), { timeout: 3 * leaseMs });
    await pause(500);
    const lua = "for _, key in ipairs(redis.call('KEYS', '*fence*')) do redis.call('DEL', key) end";
    await redis.command("eval", lua, "0");
  }

  test("[OCC8] sends no join before it has a lease again", async () => {
    onTestFinished(() => {
      clockAheadMs = 0;
    });
    const [here, there] = await startStopped();
    await untilGivenUp(here);
    const { topics } = there.connection;
    const before = topics.length;
    clockAheadMs = 1_000_000;
    const joined = join(there.engine, "2.2", bob);
    there.connection.resume();
    expect(await joined).toBe("unavailable");
    await vi.waitFor(() => expect(there.reports).toContain("engine.lease_lost"));
    await vi.waitFor(() => expect(there.engine.publish(app, [])).resolves.toEqual([]));
    // One of this node, under its new name.
    expect(topics.length).toBe(before);
    await there.engine.close();
    expect(await here.engine.channel(app, room)).toMatchObject({ subscriptions: 0 });
  }, 30_000);

  test("[OCC8] [DIR5] [QUOTA2] continues no request that it had begun", async () => {
    const [here, there] = await startStopped();
    const signedIn = there.engine.signIn(app, ada, "2.1" as SocketId, () => true);
    const admitted = there.engine.admit(app, 1);
    await untilGivenUp(here);
    there.connection.resume();
    expect(await signedIn).toBe("unavailable");
    await admitted;
    await there.engine.close();
    await here.engine.online(app, [ada], (online) => expect([...online]).toEqual([]));
    expect(await here.engine.admit(app, 1)).toBe(true);
  }, 30_000);
});

describeWithRedis("a node that loses its lease while it synchronizes", () => {
  let redis: RedisProcess;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  test("[OCC7] writes all that it holds again", async () => {
    const prefix = randomUUID();
    const { connection, engine, reports } = await startNode(redis.url, prefix);
    expect(await join(engine, "1.1", ada)).toBe("entered");
    const [leases, claims] = ["leases", "claims"].map((name) => `${prefix}:{nodes}:${name}`) as [string, string];
    const name = (await redis.command("zrange", leases, "0", "-1")).trim();
    const release = connection.holdSynchronizations();
    connection.lose();
    connection.mend();
    await redis.command("zrem", leases, name);
    await vi.waitFor(() => expect(reports).toContain("engine.lease_lost"), { timeout: 5_000 });
    release();
    await redis.command("zadd", claims, "0", name);
    await vi.waitFor(() => expect(reports).toContain("engine.node_lost"), { timeout: 5_000 });
    await vi.waitFor(async () => expect((await redis.command("zcard", claims)).trim()).toBe("0"), { timeout: 5_000 });
    await vi.waitFor(async () => expect(await engine.members(app, room)).toEqual(["ada"]), { timeout: 5_000 });
  }, 30_000);
});

function join(engine: RedisEngine, socketId: string, userId: UserId): Promise<unknown> {
  const presence = { member: { userId, userInfo: "{}" }, maxMembers: 100, arrival: "+", departure: "-" };
  return engine.join({ app, channel: room, socketId: socketId as SocketId, presence, history: undefined }, () => true);
}

async function startNode(url: string, prefix: string): Promise<Node> {
  const connection = new PausedConnection({ url, cluster: false, sentinelPrimary: undefined });
  const reports: string[] = [];
  const engine = new RedisEngine(connection, clock, {
    prefix,
    leaseMs,
    randomText: randomUUID,
    report: (event) => reports.push(event),
  });
  const node: Node = { connection, engine, facts: [], offline: [], reports, status: "ready" };
  await engine.start({
    ...ignoredEvents,
    changed: (_, fact) => node.facts.push(fact),
    userChanged: (_, userId, isOnline) => {
      if (!isOnline) node.offline.push(userId);
    },
    statusChanged: (status) => {
      node.status = status;
    },
  });
  onTestFinished(() => {
    connection.resume();
    return engine.close();
  });
  return node;
}
