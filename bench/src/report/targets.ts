import type { ScenarioName } from "../measurement.ts";
import { nodeDeath } from "../scenarios/cluster/node-death.ts";
import { clusterSetups } from "../scenarios/cluster/setups.ts";
import { oneChannel, ownChannels } from "../scenarios/memory.ts";
import { subjects } from "../subjects/subject.ts";
import { markdownTable } from "./markdown-table.ts";
import { numberText } from "./number-text.ts";
import type { Runs, RunKey } from "./runs.ts";

/** Something the server is meant to reach. */
interface Target {
  readonly scenario: ScenarioName;
  readonly aim: string;
  readonly wanted: { readonly atLeast: number } | { readonly atMost: number };
  readonly found: (runs: Runs) => number;
}

const { sealcast, sealcastBun, ws, net, bun, collected, http } = subjects;

/** Value of one server by that of another, in the same runs. */
function ratio(what: string, value: string, ours: { readonly name: string }, theirs: { readonly name: string }) {
  return (runs: Runs): number =>
    runs.median({ what, subject: ours.name }, value) / runs.median({ what, subject: theirs.name }, value);
}
function median(key: RunKey, value: string) {
  return (runs: Runs): number => runs.median(key, value);
}
const deliveries = "deliveriesPerSecond";
const onNode = (what: string): RunKey => ({ what, subject: sealcast.name });

const targets: readonly Target[] = [
  {
    scenario: "fanout",
    aim: "batches of 10, to Bun's publish",
    wanted: { atLeast: 1 },
    found: ratio("batches of 10", deliveries, sealcast, bun),
  },
  {
    scenario: "fanout",
    aim: "batches of 10, to `ws`",
    wanted: { atLeast: 15 },
    found: ratio("batches of 10", deliveries, sealcast, ws),
  },
  {
    scenario: "fanout",
    aim: "16 in flight, to `ws`",
    wanted: { atLeast: 12 },
    found: ratio("16 in flight", deliveries, sealcast, ws),
  },
  {
    scenario: "fanout",
    aim: "16 in flight, to Bun's publish",
    wanted: { atLeast: 0.75 },
    found: ratio("16 in flight", deliveries, sealcast, bun),
  },
  {
    scenario: "fanout",
    aim: "one at a time, to `ws`",
    wanted: { atLeast: 1.1 },
    found: ratio("one at a time", deliveries, sealcast, ws),
  },
  {
    scenario: "fanout",
    aim: "one at a time, CPU to the bare outbox",
    wanted: { atMost: 1.05 },
    found: ratio("one at a time", "cpuMicrosPerDelivery", sealcast, collected),
  },
  {
    scenario: "fanout",
    aim: "16 in flight, CPU µs per delivery",
    wanted: { atMost: 0.8 },
    found: median(onNode("16 in flight"), "cpuMicrosPerDelivery"),
  },
  ...["one at a time", "16 in flight", "batches of 10"].map((what): Target => ({
    scenario: "fanout",
    aim: `on Bun: ${what}, to Bun's publish`,
    wanted: { atLeast: 0.85 },
    found: ratio(what, deliveries, sealcastBun, bun),
  })),
  {
    scenario: "publish",
    aim: "signed publish, to bare `node:http`",
    wanted: { atLeast: 0.8 },
    found: ratio("1 event", "requestsPerSecond", sealcast, http),
  },
  {
    scenario: "publish",
    aim: "signed publish, CPU µs",
    wanted: { atMost: 50 },
    found: median(onNode("1 event"), "cpuMicrosPerRequest"),
  },
  {
    scenario: "publish",
    aim: "batch of 10, in single publishes (CPU)",
    wanted: { atMost: 3 },
    found: (runs) =>
      runs.median(onNode("batch of 10"), "cpuMicrosPerRequest") / runs.median(onNode("1 event"), "cpuMicrosPerRequest"),
  },
  {
    scenario: "publish",
    aim: "on Bun: signed publish, CPU µs",
    wanted: { atMost: 50 },
    found: median({ what: "1 event", subject: sealcastBun.name }, "cpuMicrosPerRequest"),
  },
  {
    scenario: "latency",
    aim: "p50, to `ws`",
    wanted: { atMost: 1 },
    found: ratio("20 events/s", "p50Ms", sealcast, ws),
  },
  {
    scenario: "latency",
    aim: "p50, to Bun's publish",
    wanted: { atMost: 1.15 },
    found: ratio("20 events/s", "p50Ms", sealcast, bun),
  },
  {
    scenario: "memory",
    aim: "KiB per idle connection",
    wanted: { atMost: 5 },
    found: median(onNode(oneChannel), "kibPerConnection"),
  },
  {
    scenario: "memory",
    aim: "a channel with its one subscriber, bytes of objects",
    wanted: { atMost: 600 },
    found: (runs) =>
      runs.median(onNode(ownChannels), "heapBytesPerConnection") -
      runs.median(onNode(oneChannel), "heapBytesPerConnection"),
  },
  {
    scenario: "memory",
    aim: "idle connection, to `ws`",
    wanted: { atMost: 1.25 },
    found: ratio(oneChannel, "kibPerConnection", sealcast, ws),
  },
  {
    scenario: "memory",
    aim: "on Bun: KiB per idle connection",
    wanted: { atMost: 3.5 },
    found: median({ what: oneChannel, subject: sealcastBun.name }, "kibPerConnection"),
  },
  {
    scenario: "connect",
    aim: "connect and subscribe, to `ws` (by CPU)",
    wanted: { atLeast: 0.8 },
    found: ratio("connect and subscribe", "cpuMicrosPerConnect", ws, sealcast),
  },
  {
    scenario: "connect",
    aim: "connect and subscribe, CPU µs",
    wanted: { atMost: 120 },
    found: median(onNode("connect and subscribe"), "cpuMicrosPerConnect"),
  },
  {
    scenario: "connect",
    aim: "on Bun: CPU that Sealcast adds to the bare server's, to the same on Node.js",
    wanted: { atMost: 1 },
    found: (runs) => addedPerConnect(runs, sealcastBun, bun) / addedPerConnect(runs, sealcast, net),
  },
  {
    scenario: "connect",
    aim: "10,000 dropped at once: loop delay p99 ms",
    wanted: { atMost: 50 },
    found: median(onNode("10,000 dropped at once"), "loopDelayP99Ms"),
  },
  {
    scenario: "connect",
    aim: "start to first accept, seconds",
    wanted: { atMost: 0.4 },
    found: median(onNode("start"), "startSeconds"),
  },
  {
    scenario: "churn",
    aim: "growth of memory after the first fifth (share)",
    wanted: { atMost: 0.1 },
    found: median(onNode("growth"), "growth"),
  },
  {
    scenario: "cluster",
    aim: "1 node, 16 in flight, 1,000 subscribers: deliveries per CPU second, to the memory engine",
    wanted: { atLeast: 0.85 },
    found: ratio("publish to 1,000 subscribers", "deliveriesPerCpuSecond", clusterSetups.one, clusterSetups.memory),
  },
  {
    scenario: "cluster",
    aim: "1 node, publish without subscribers: CPU of the node, to the memory engine",
    wanted: { atMost: 1.5 },
    found: ratio("publish without subscribers", "nodeMicrosPerPublish", clusterSetups.one, clusterSetups.memory),
  },
  {
    scenario: "cluster",
    aim: "commands to Redis per publish",
    wanted: { atMost: 1 },
    found: commandsOf("publish"),
  },
  {
    scenario: "cluster",
    aim: "commands to Redis per publish that is kept",
    wanted: { atMost: 1 },
    found: commandsOf("publish that is kept"),
  },
  {
    scenario: "cluster",
    aim: "10,000 clients of a dead node recover: longest loop delay of the others, ms",
    wanted: { atMost: 100 },
    found: longestLoopDelay,
  },
];

/** CPU time that a server takes for a client that connects and subscribes, beyond that of a bare server on its runtime. */
function addedPerConnect(runs: Runs, ours: { readonly name: string }, bare: { readonly name: string }): number {
  const cost = ({ name }: { readonly name: string }): number =>
    runs.median({ what: "connect and subscribe", subject: name }, "cpuMicrosPerConnect");
  return cost(ours) - cost(bare);
}

/** All commands that a node sent to Redis, for each publish, subscription or leave. */
function commandsOf(work: string) {
  return (runs: Runs): number => {
    const key = { what: "commands", subject: work };
    const counts = runs.valueNames(key).map((command) => runs.median(key, command));
    return counts.length === 0 ? Number.NaN : counts.reduce((sum, count) => sum + count, 0);
  };
}

function longestLoopDelay(runs: Runs): number {
  const nodes = runs.subjects(nodeDeath);
  const delays = nodes.map(
    (subject) => runs.summary({ what: nodeDeath, subject }, "slowestLoopMs")?.highest ?? Number.NaN,
  );
  return delays.length === 0 ? Number.NaN : Math.max(...delays);
}

/** The aims of the server with what the last runs found. */
export function targetTable(runsOf: (scenario: ScenarioName) => Runs): string {
  const rows = targets.map(({ scenario, aim, wanted, found }) => {
    const value = found(runsOf(scenario));
    const [sign, limit, met] =
      "atLeast" in wanted
        ? ["≥", wanted.atLeast, value >= wanted.atLeast]
        : ["≤", wanted.atMost, value <= wanted.atMost];
    return [
      `${scenario}: ${aim}`,
      `${sign} ${limit}`,
      numberText(value),
      Number.isNaN(value) ? "not measured" : met ? "yes" : "**no**",
    ];
  });
  return markdownTable(["", "aim", "found", "met"], rows);
}
