import type { Lab } from "../../lab.ts";
import type { ClusterBench } from "./cluster-bench.ts";

const connections = 500;

/** Connections that subscribe to one channel each, and leave again; in turns. */
export async function measureSubscriptions(lab: Lab, benches: readonly ClusterBench[]): Promise<void> {
  for (let turn = 0; turn <= lab.pace.turns; turn += 1) {
    for (const bench of benches) {
      const joined = await bench.costOf(async () => {
        await bench.subscribe(connections, { kind: "spread", count: connections });
        return {};
      });
      const left = await bench.costOf(async () => {
        await bench.leave();
        return {};
      });
      // The first turn warms up.
      if (turn === 0) continue;
      const costs = { "connect and subscribe": joined, leave: left };
      for (const [what, { nodeMicros, redisMicros }] of Object.entries(costs)) {
        const values = { nodeMicrosEach: nodeMicros / connections, redisMicrosEach: redisMicros / connections };
        lab.record({ scenario: "cluster", what, subject: bench.name, values });
      }
    }
  }
}
