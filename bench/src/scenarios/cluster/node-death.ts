import { setTimeout as sleep } from "node:timers/promises";
import type { Lab } from "../../lab.ts";
import { HttpConnection } from "../../load/http-connection.ts";
import { channelName, type ChannelPlan } from "../../load/orders.ts";
import { eventBody } from "../../load/publish-run.ts";
import { readPosition } from "../../load/read-position.ts";
import { signedRequest } from "../../load/signed-request.ts";
import type { RedisServer } from "../../subjects/redis-server.ts";
import type { ServerProcess } from "../../subjects/server-process.ts";
import { ClusterBench, type Setup } from "./cluster-bench.ts";

export const nodeDeath = "10,000 clients of a dead node recover";

const clients = 10_000;
const missed = 5;
const channels: ChannelPlan = { kind: "spread", count: 100 };
const names = Array.from({ length: channels.count }, (_, index) => channelName(index));
const setup = { name: "a node dies", nodes: 3, engine: "redis", leaseSeconds: 5 } as const satisfies Setup;
const app = { history: [{ prefix: "", size: 100, ttlSeconds: 300 }] };
/** Longest wait until the others have given the dead node up. */
const cleanupMs = 30_000;

/**
 * A node with 10,000 clients is killed. All of them connect to the two others at once and recover what was published
 * meanwhile, while these give up what the dead node held. Measures the delay of their event loops.
 */
export function measureNodeDeath(lab: Lab, redis: RedisServer): Promise<void> {
  return ClusterBench.with(setup, redis, { app, inside: true }, async (bench) => {
    const [dying, ...others] = bench.servers;
    const [first] = others;
    if (dying === undefined || first === undefined) throw new RangeError("The cluster has too few nodes");
    await bench.load.order("target", { ports: [dying.port], dialect: "pusher" });
    await bench.subscribe(clients, channels);
    await publishToAll(first, 1);
    const positions = await Promise.all(
      names.map(async (name) => [name, await readPosition(first.port, name)] as const),
    );
    for (const server of others) await server.ask("start-loop-delay");
    const start = performance.now();
    await dying.stop();
    await bench.load.order("target", { ports: others.map(({ port }) => port), dialect: "pusher" });
    await publishToAll(first, missed);
    const recovery = { after: Object.fromEntries(positions), missed };
    const { seconds } = await bench.load.order("grow", { subscribers: clients, channels, recovery }, 120);
    await untilGivenUp(bench.prefix, redis);
    const cleanedUpSeconds = (performance.now() - start) / 1_000;
    for (const [index, server] of others.entries()) {
      const { p99Ms, slowestMs } = await server.ask("stop-loop-delay");
      lab.record({
        scenario: "cluster",
        what: nodeDeath,
        subject: `other node ${index + 1}`,
        values: { loopDelayP99Ms: p99Ms, slowestLoopMs: slowestMs, recoveredSeconds: seconds, cleanedUpSeconds },
      });
    }
  });
}

async function publishToAll({ port }: ServerProcess, events: number): Promise<void> {
  const connection = await HttpConnection.open(port);
  for (const name of names) {
    for (let event = 0; event < events; event += 1) {
      await connection.post(signedRequest("events", JSON.stringify(eventBody(event, [name], 100))));
    }
  }
  connection.close();
}

/** Resolves when the dead node has neither a lease nor anything that the others still have to remove. */
async function untilGivenUp(prefix: string, redis: RedisServer): Promise<void> {
  const start = performance.now();
  const nodesIn = (kind: string): string[] =>
    redis.run("zrange", `${prefix}:{nodes}:${kind}`, "0", "-1").split("\n").filter(Boolean);
  while (nodesIn("leases").length > setup.nodes - 1 || nodesIn("claims").length > 0) {
    if (performance.now() - start > setup.leaseSeconds * 1_000 + cleanupMs)
      throw new Error("The dead node was not given up");
    await sleep(100);
  }
}
