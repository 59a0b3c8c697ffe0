import { randomUUID } from "node:crypto";
import type { AppId, ChannelName, SocketId } from "@sealcast/protocol";
import { ignoredEvents } from "@sealcast/server-testing";
import { describeWithRedis, startRedis, type RedisProcess } from "@sealcast/server-testing/redis";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { OccupancyFact } from "../../../core/channels/occupancy-fact.ts";
import { systemClock } from "../../clock/system.ts";
import { NodeRedisConnection } from "./connection/node-redis-connection.ts";
import { RedisEngine } from "./redis-engine.ts";

const app = "1001" as AppId;
const room = "presence-room" as ChannelName;
const connections = 2_000;
const users = 50;

/** Counts the scripts that a node runs. */
class CountingConnection extends NodeRedisConnection {
  readonly ran = new Map<string, number>();

  override run(...command: Parameters<NodeRedisConnection["run"]>): ReturnType<NodeRedisConnection["run"]> {
    const [{ name }] = command;
    this.ran.set(name, (this.ran.get(name) ?? 0) + 1);
    return super.run(...command);
  }
}

describeWithRedis("a node that dies with many connections on one presence channel", () => {
  let redis: RedisProcess;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  test("[OCC8] is given up in slices, and each user leaves once", { timeout: 120_000 }, async () => {
    const prefix = randomUUID();
    const facts: OccupancyFact[] = [];
    const dying = await startNode(redis.url, prefix, []);
    const other = await startNode(redis.url, prefix, facts);
    await join(other.engine, "9.9", "u0");
    for (let first = 0; first < connections; first += users) {
      const numbers = Array.from({ length: users }, (_, index) => first + index);
      await Promise.all(numbers.map((number) => join(dying.engine, `1.${number}`, `u${number % users}`)));
    }
    await dying.connection.close();
    const summary = { channel: room, subscriptions: 1, users: 1 };
    await vi.waitFor(async () => expect(await other.engine.channel(app, room)).toEqual(summary), { timeout: 90_000 });
    expect(await other.engine.members(app, room)).toEqual(["u0"]);
    const gone = facts.flatMap((fact) => (fact.kind === "member-removed" ? [fact.userId] : []));
    expect(gone.toSorted()).toEqual(Array.from({ length: users - 1 }, (_, index) => `u${index + 1}`).toSorted());
    expect(facts.map(({ kind }) => kind)).not.toContain("vacated");
    // A hash is scanned in parts of about 100.
    expect(other.connection.ran.get("reap")).toBeGreaterThan(connections / 400);
    await other.engine.close();
  });
});

function join(engine: RedisEngine, socket: string, userId: string): Promise<unknown> {
  const member = { userId, userInfo: "{}" };
  const presence = { member, maxMembers: users, arrival: `+${userId}`, departure: `-${userId}` };
  const joining = { app, channel: room, socketId: socket as SocketId, presence, history: undefined };
  return engine.join(joining, () => true);
}

async function startNode(
  url: string,
  prefix: string,
  facts: OccupancyFact[],
): Promise<{ readonly connection: CountingConnection; readonly engine: RedisEngine }> {
  const connection = new CountingConnection({ url, cluster: false, sentinelPrimary: undefined });
  const settings = { prefix, leaseMs: 3_000, randomText: randomUUID, report: () => undefined };
  const engine = new RedisEngine(connection, systemClock, settings);
  await engine.start({
    ...ignoredEvents,
    changed: (_, fact) => facts.push(fact),
  });
  return { connection, engine };
}
