import type { Lab } from "../../lab.ts";
import { HttpConnection } from "../../load/http-connection.ts";
import { eventBody } from "../../load/publish-run.ts";
import { signedRequest } from "../../load/signed-request.ts";
import type { RedisServer } from "../../subjects/redis-server.ts";
import type { ClusterBench } from "./cluster-bench.ts";

const times = 200;

/** Counts the commands that a node sends to Redis for each publish, subscription and leave. */
export async function countCommands(lab: Lab, bench: ClusterBench, redis: RedisServer): Promise<void> {
  const work: Readonly<Record<string, () => Promise<void>>> = {
    publish: () => publish(bench, "bench-0"),
    "publish that is kept": () => publish(bench, "kept-0"),
    "subscribe, first on the channel": () => bench.subscribe(times, { kind: "spread", count: times }),
    "leave, last on the channel": () => bench.leave(),
    "subscribe, others on the channel": () => bench.subscribe(times),
    "leave, others on the channel": () => bench.leave(),
  };
  // The node notes in Redis which groups of channels it uses, once for each.
  await bench.subscribe(times, { kind: "spread", count: times });
  await bench.leave();
  for (const [what, run] of Object.entries(work)) {
    const commands = await redis.commandsDuring(run);
    const values = Object.fromEntries([...commands].map(([command, count]) => [command, count / times]));
    lab.record({ scenario: "cluster", what: "commands", subject: what, values });
  }
}

async function publish({ servers }: ClusterBench, channel: string): Promise<void> {
  const connection = await HttpConnection.open(servers[0]?.port ?? 0);
  for (let number = 0; number < times; number += 1) {
    await connection.post(signedRequest("events", JSON.stringify(eventBody(number, [channel], 100))));
  }
  connection.close();
}
