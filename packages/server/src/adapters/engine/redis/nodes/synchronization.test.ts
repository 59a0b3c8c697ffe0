// cspell:ignore flushall
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { AppId, ChannelName, SocketId, UserId } from "@sealcast/protocol";
import { ignoredEvents } from "@sealcast/server-testing";
import { describeWithRedis, startRedis, type RedisProcess } from "@sealcast/server-testing/redis";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import type { OccupancyFact } from "../../../../core/channels/occupancy-fact.ts";
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

/** A connection whose commands wait while it is paused, and that can seem to be lost in part, as with Redis Cluster. */
class PausedConnection extends NodeRedisConnection {
  #resumed: Deferred<void> | undefined;
  #events: ConnectionEvents | undefined;

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

  override async run(...command: Parameters<NodeRedisConnection["run"]>): Promise<Reply> {
    await this.#resumed?.promise;
    return super.run(...command);
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

function join(engine: RedisEngine, socketId: string, userId: UserId): Promise<unknown> {
  const presence = { member: { userId, userInfo: "{}" }, maxMembers: 100, arrival: "+", departure: "-" };
  return engine.join({ app, channel: room, socketId: socketId as SocketId, presence, history: undefined }, () => true);
}

async function startNode(url: string, prefix: string): Promise<Node> {
  const connection = new PausedConnection({ url, cluster: false, sentinelPrimary: undefined });
  const reports: string[] = [];
  const engine = new RedisEngine(connection, systemClock, {
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
  onTestFinished(() => engine.close());
  return node;
}
