import { randomUUID } from "node:crypto";
import { setImmediate, setTimeout as pause } from "node:timers/promises";
import type { AppId, ChannelName, SocketId } from "@sealcast/protocol";
import { describeWithRedis, moveSlot, startRedisCluster, type RedisProcess } from "@sealcast/server-testing/redis";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { OccupancyFact } from "../../../core/channels/occupancy-fact.ts";
import { systemClock } from "../../clock/system.ts";
import { bucketOf, Keys } from "./encoding/keys.ts";
import { NodeRedisConnection } from "./connection/node-redis-connection.ts";
import { RedisEngine } from "./redis-engine.ts";

const app = "1001" as AppId;
const room = "presence-room" as ChannelName;
const orders = "orders" as ChannelName;
/** Events with higher numbers are published to see whether they arrive. */
const firstProbe = 1_000_000;
const keep = { count: 10_000, ttlSeconds: 600 };

/** A node, what it has delivered, and who its subscribers believe to be in the room. */
interface Node {
  readonly engine: RedisEngine;
  readonly delivered: number[];
  readonly members: Set<string>;
  missed: number;
}

describeWithRedis("a hash slot that moves to another master while it is used", () => {
  let masters: readonly [RedisProcess, ...RedisProcess[]];
  let nodes: readonly Node[] = [];
  const facts: OccupancyFact[] = [];
  beforeAll(async () => {
    masters = await startRedisCluster();
  }, 60_000);
  afterAll(async () => {
    await Promise.all(masters.map((master) => master.stop()));
  });
  beforeEach(async () => {
    prefix = randomUUID();
    facts.length = 0;
    nodes = [await startNode(masters[0].url, facts), await startNode(masters[0].url, facts)];
  });
  afterEach(async () => {
    for (const { engine } of nodes) await engine.close();
  });

  test(
    "[BROKER2] [OCC5] nodes learn what was published at a server that they do not listen to yet",
    { timeout: 60_000 },
    async () => {
      const [here, there] = nodes as [Node, Node];
      await enter(here, orders, "1.1");
      await enter(here, room, "1.1", "ada");
      await enter(there, room, "1.2", "bob");
      await publish(there, 0);
      await moveSlot(masters, topicOf(orders), async () => {
        await vi.waitFor(async () => expect(await publish(there, 1)).toBe(true), { timeout: 10_000 });
      });
      await moveSlot(masters, topicOf(room), () => there.engine.leave(app, room, "1.2" as SocketId));
      // Nothing comes later that would show that something was missed.
      await vi.waitFor(() => expect(here.delivered.includes(1) || here.missed > 0).toBe(true), { timeout: 10_000 });
      await vi.waitFor(() => expect(here.members).toEqual(new Set(["ada"])), { timeout: 10_000 });
    },
  );

  test("[BROKER2] a topic moves while others in its slot are subscribed and left", { timeout: 60_000 }, async () => {
    const [here, there] = nodes as [Node, Node];
    await enter(here, orders, "1.1");
    const ending = new AbortController();
    const visits = Array.from({ length: 20 }, async (_, visitor) => {
      for (let number = 0; !ending.signal.aborted; number += 1) {
        const channel = neighbor(20 * number + visitor);
        await join(here, channel, "1.1");
        await here.engine.leave(app, channel, "1.1" as SocketId);
        await setImmediate();
      }
    });
    for (const number of [1, 2, 3]) {
      const { missed } = here;
      await moveSlot(masters, topicOf(orders));
      await vi.waitFor(async () => expect(await publish(there, number)).toBe(true), { timeout: 10_000 });
      await vi.waitFor(() => expect(here.delivered.includes(number) || here.missed > missed).toBe(true), {
        timeout: 10_000,
      });
    }
    await eventsArrive(there, [here]);
    ending.abort();
    await Promise.all(visits);
  });

  test(
    "[BROKER2] [OCC2] [OCC7] loses no accepted kept event unnoticed, and no member",
    { timeout: 60_000 },
    async () => {
      const [here, there] = nodes as [Node, Node];
      for (const node of nodes) {
        await enter(node, orders, `1.${nodes.indexOf(node)}`);
        await enter(node, room, `2.${nodes.indexOf(node)}`, `stays-${nodes.indexOf(node)}`);
      }
      const accepted: number[] = [];
      const ending = new AbortController();
      const publishing = (async () => {
        for (let number = 0; !ending.signal.aborted; number += 1) {
          if (await publish(there, number)) accepted.push(number);
          await pause(2);
        }
      })();
      const visiting = (async () => {
        for (let number = 0; !ending.signal.aborted; number += 1) {
          const node = number % 2 === 0 ? here : there;
          if ((await join(node, room, `3.${number}`, `visitor-${number}`)) === "entered" && number % 3 !== 0) {
            await node.engine.leave(app, room, `3.${number}` as SocketId);
            visitors.delete(`visitor-${number}`);
          }
          await pause(5);
        }
      })();
      for (const channel of [orders, room, orders]) {
        await moveSlot(masters, topicOf(channel));
      }
      ending.abort();
      await Promise.all([publishing, visiting]);
      await eventsArrive(there, nodes);
      expect(accepted.length).toBeGreaterThan(0);
      for (const { delivered, missed } of nodes) {
        const lost = accepted.filter((number) => !delivered.includes(number));
        expect({ missed, isNoticed: lost.length === 0 || missed > 0 }).toEqual({ missed, isNoticed: true });
      }
      for (const { delivered } of nodes) expect(delivered).toEqual([...new Set(delivered)].toSorted((a, b) => a - b));
      const expected = [...visitors, "stays-0", "stays-1"].toSorted();
      await vi.waitFor(
        async () => expect((await here.engine.members(app, room)) as string[]).toHaveLength(expected.length),
        {
          timeout: 20_000,
        },
      );
      expect([...((await here.engine.members(app, room)) as string[])].toSorted()).toEqual(expected);
      for (const node of nodes)
        await vi.waitFor(() => expect([...node.members].toSorted()).toEqual(expected), { timeout: 10_000 });
      expect(facts.filter(({ kind }) => kind === "vacated")).toEqual([]);
    },
  );
});

const visitors = new Set<string>();
const neighbors: ChannelName[] = [];
let untried = 0;
/** Each test has keys of its own. */
let prefix = "";

function topicOf(channel: ChannelName): string {
  return new Keys(prefix).topic(bucketOf(app, channel), channel);
}

/** A channel whose topic is in the same hash slot as that of `orders`. */
function neighbor(number: number): ChannelName {
  while (neighbors.length <= number) {
    untried += 1;
    const name = `visited-${untried}` as ChannelName;
    if (bucketOf(app, name) === bucketOf(app, orders)) neighbors.push(name);
  }
  return neighbors[number] ?? orders;
}

/** Publishes a number, and returns whether that was accepted. */
async function publish({ engine }: Node, number: number): Promise<boolean> {
  const publication = { channel: orders, message: String(number), except: undefined, keep };
  return (await engine.publish(app, [publication])) !== "unavailable";
}

/** Publishes until an event arrives at all the nodes: one that is published while a node subscribes again counts as missed. */
async function eventsArrive(from: Node, nodes: readonly Node[]): Promise<void> {
  let number = firstProbe;
  const arrives = async (): Promise<void> => {
    number += 1;
    expect(await publish(from, number)).toBe(true);
    for (const { delivered } of nodes) await vi.waitFor(() => expect(delivered).toContain(number));
  };
  await vi.waitFor(arrives, { timeout: 20_000 });
}

/** Joins once the engine is available. */
async function enter(...connection: Parameters<typeof join>): Promise<void> {
  await vi.waitFor(async () => expect(await join(...connection)).toBe("entered"), { timeout: 20_000 });
}

async function join(
  { engine, members }: Node,
  channel: ChannelName,
  socket: string,
  userId?: string,
): Promise<unknown> {
  const member = { userId: userId ?? "", userInfo: "{}" };
  const presence =
    userId === undefined ? undefined : { member, maxMembers: 10_000, arrival: `+${userId}`, departure: `-${userId}` };
  const history = channel === orders ? ({ after: undefined, limit: 1, begin: true } as const) : undefined;
  const outcome = await engine.join({ app, channel, socketId: socket as SocketId, presence, history }, ({ roster }) => {
    for (const one of roster ?? []) members.add(one.userId);
    return true;
  });
  if (outcome === "entered" && userId?.startsWith("visitor") === true) visitors.add(userId);
  return outcome;
}

async function startNode(url: string, facts: OccupancyFact[]): Promise<Node> {
  const connection = new NodeRedisConnection({ url, cluster: true, sentinelPrimary: undefined });
  const engine = new RedisEngine(connection, systemClock, {
    prefix,
    leaseMs: 5_000,
    randomText: randomUUID,
    report: () => undefined,
  });
  const node: Node = { engine, delivered: [], members: new Set(), missed: 0 };
  await engine.start({
    deliver: (_, { channel, message }) => {
      if (channel === orders) node.delivered.push(Number(message));
      // Announcements after an interruption are messages of the protocol.
      const userId = /user_id\\":\\"([^"\\]+)/.exec(message)?.[1] ?? message.slice(1);
      if (channel === room && (message.startsWith("+") || message.includes("member_added"))) node.members.add(userId);
      if (channel === room && (message.startsWith("-") || message.includes("member_removed")))
        node.members.delete(userId);
    },
    missed: () => (node.missed += 1),
    changed: (_, fact) => facts.push(fact),
    userChanged: () => undefined,
    messageReceived: () => undefined,
    statusChanged: () => undefined,
  });
  return node;
}
