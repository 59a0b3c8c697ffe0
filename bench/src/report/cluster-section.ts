import { growth } from "../scenarios/cluster/growth.ts";
import { nodeDeath } from "../scenarios/cluster/node-death.ts";
import { clusterSetups } from "../scenarios/cluster/setups.ts";
import { markdownTable } from "./markdown-table.ts";
import { numberText } from "./number-text.ts";
import type { Runs } from "./runs.ts";
import { comparison, type Section } from "./section.ts";

const toAll = "publish to 1,000 subscribers";
const ofRedis = "redisMicrosPerPublish";
const publishColumns = [
  { head: "node, CPU µs per publish", value: "nodeMicrosPerPublish" },
  { head: "Redis, CPU µs per publish", value: ofRedis },
];
const subscriptionColumns = [
  { head: "node, CPU µs each", value: "nodeMicrosEach" },
  { head: "Redis, CPU µs each", value: "redisMicrosEach" },
];
/** How much of a core Redis should use in the long run, so that short peaks do not delay everything. */
const usableShare = 0.7;
const nodeCounts = [1, 3, 10, 30, 100];

/** Several servers that share one Redis, and the limit of that Redis. */
export function clusterSection(runs: Runs): Section {
  return {
    heading: "Several servers and Redis",
    body: [
      "One server with the memory engine beside one, two and three that share one Redis, in turns. Subscribers and publishers are spread over the servers; 16 publishes in flight, 100 bytes of data. CPU of nodes is that of all servers together.",
      `### Publish without subscribers\n\n${comparison(runs, "publish without subscribers", publishColumns)}`,
      `### Publish that is kept, without subscribers\n\n${comparison(runs, "publish that is kept", publishColumns)}`,
      `### Publish to 1,000 subscribers\n\n${comparison(runs, toAll, [
        { head: "deliveries per CPU second of nodes", value: "deliveriesPerCpuSecond" },
        { head: "nodes, CPU µs per delivery", value: "nodeMicrosPerDelivery" },
        ...publishColumns,
      ])}`,
      `### Latency\n\n20 events per second to 1,000 subscribers, as above.\n\n${comparison(runs, "20 events/s", [
        { head: "p50 ms", value: "p50Ms" },
        { head: "p99 ms", value: "p99Ms" },
      ])}`,
      `### Connect and subscribe\n\nEach connection subscribes to a channel of its own.\n\n${comparison(runs, "connect and subscribe", subscriptionColumns)}`,
      `### Leave\n\nThe same connections are closed.\n\n${comparison(runs, "leave", subscriptionColumns)}`,
      `### Commands to Redis\n\nCounted with \`MONITOR\`.\n\n${commandTable(runs)}`,
      `### As work grows\n\nOne server. Subscribers are those of one channel; channels have 1,000 subscribers together.\n\n${growthTable(runs)}`,
      `### A node dies\n\n${aboutDeath}\n\n${comparison(runs, nodeDeath, [
        { head: "loop delay p99 ms", value: "loopDelayP99Ms" },
        { head: "longest loop delay ms", value: "slowestLoopMs" },
        { head: "all recovered, s", value: "recoveredSeconds" },
        { head: "dead node given up, s", value: "cleanedUpSeconds" },
      ])}`,
      `### The limit of one Redis\n\n${limitText(runs)}`,
    ].join("\n\n"),
    charts: {},
  };
}

const aboutDeath =
  "One of three servers has 10,000 clients on 100 channels with a history, and is killed. All of them connect to the two others as fast as these accept, and recover the five events that each channel has had meanwhile; at the same time the others give up what the dead server held. Delay of the event loops of the others during all this, sampled every millisecond; both share one core here.";

function commandTable(runs: Runs): string {
  const rows = runs.subjects("commands").map((subject) => {
    const key = { what: "commands", subject };
    const counts = runs.valueNames(key).map((name) => `${numberText(runs.median(key, name))} ${name.toUpperCase()}`);
    return [subject, counts.length === 0 ? "none" : counts.join(", ")];
  });
  return markdownTable(["", "commands each"], rows);
}

function growthTable(runs: Runs): string {
  const subject = clusterSetups.one.name;
  const rows = Object.keys(growth).flatMap((what) =>
    runs
      .curve(what, subject, ofRedis)
      .map(({ x, y }) => [
        `${what.replace("by ", "")}: ${x.toLocaleString("en")}`,
        numberText(y),
        numberText(runs.median({ what, subject, x }, "nodeMicrosPerPublish")),
        numberText(runs.median({ what, subject, x }, "nodeMicrosPerDelivery")),
      ]),
  );
  return markdownTable(
    ["", "Redis, CPU µs per publish", "node, CPU µs per publish", "node, CPU µs per delivery"],
    rows,
  );
}

/** What one more node with subscribers costs Redis per publish, and what a publish costs anyway. */
function limitText(runs: Runs): string {
  const of = (what: string, { name }: { readonly name: string }, value: string): number =>
    runs.median({ what, subject: name }, value);
  const perNode = Math.max((of(toAll, clusterSetups.three, ofRedis) - of(toAll, clusterSetups.one, ofRedis)) / 2, 0);
  const base = of(toAll, clusterSetups.one, ofRedis) - perNode;
  const kept = of("publish that is kept", clusterSetups.one, ofRedis);
  const plain = of("publish without subscribers", clusterSetups.one, ofRedis);
  const joinAndLeave = ["connect and subscribe", "leave"].reduce(
    (sum, what) => sum + of(what, clusterSetups.one, "redisMicrosEach"),
    0,
  );
  const perSecond = (micros: number): string => numberText((usableShare * 1e6) / micros);
  const rows = nodeCounts.map((nodes) => [
    String(nodes),
    numberText(base + perNode * nodes),
    perSecond(base + perNode * nodes),
    perSecond(base + perNode * nodes + kept - plain),
  ]);
  return [
    `Redis runs commands on one core. On this machine a publish costs it ${numberText(base)} µs, and ${numberText(perNode)} µs more for each server with subscribers of the channel, whatever the number of subscribers; keeping the event costs ${numberText(kept - plain)} µs more. With ${usableShare * 100} % of a core, so that short peaks do not delay everything:`,
    markdownTable(
      [
        "servers with subscribers of the channel",
        "Redis, CPU µs per publish",
        "publishes/s",
        "publishes that are kept/s",
      ],
      rows,
    ),
    `A subscription and its end together cost Redis ${numberText(joinAndLeave)} µs: ${perSecond(joinAndLeave)} per second. [What to do at the limit](cluster.md#the-limit-of-one-redis).`,
  ].join("\n\n");
}
