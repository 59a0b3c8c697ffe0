import { mkdirSync, writeFileSync } from "node:fs";
import { scenarioNames, type ScenarioName, type ScenarioResults } from "../measurement.ts";
import { clusterSection } from "./cluster-section.ts";
import { cryptoSection } from "./crypto-section.ts";
import { fanoutSection } from "./fanout-section.ts";
import { markdownTable } from "./markdown-table.ts";
import {
  churnSection,
  connectSection,
  latencySection,
  memorySection,
  observersSection,
  publishSection,
  webhooksSection,
} from "./other-sections.ts";
import { Runs } from "./runs.ts";
import type { Section } from "./section.ts";
import { targetTable } from "./targets.ts";

const docs = new URL("../../../docs/", import.meta.url);
const sections: Readonly<Record<ScenarioName, (runs: Runs) => Section>> = {
  fanout: fanoutSection,
  publish: publishSection,
  latency: latencySection,
  memory: memorySection,
  connect: connectSection,
  churn: churnSection,
  webhooks: webhooksSection,
  observers: observersSection,
  cluster: clusterSection,
  crypto: cryptoSection,
};

/** Writes `docs/benchmarks.md` and its charts from raw results; scenarios without results are left out. */
export function writeReport(results: readonly ScenarioResults[]): void {
  const runsOf = (name: ScenarioName): Runs =>
    new Runs(results.find(({ scenario }) => scenario === name)?.measurements ?? []);
  const measured = scenarioNames.filter((name) => results.some(({ scenario }) => scenario === name));
  const written = measured.map((name) => sections[name](runsOf(name)));
  mkdirSync(new URL("benchmarks/", docs), { recursive: true });
  for (const { charts } of written) {
    for (const [file, chart] of Object.entries(charts)) writeFileSync(new URL(`benchmarks/${file}`, docs), chart);
  }
  const parts = [
    introduction,
    `## Aims\n\n${targetTable(runsOf)}\n\n${aboutAims}`,
    ...written.map(({ heading, body }) => `## ${heading}\n\n${body}`),
    method,
    `## Machine and versions\n\n${machineTable(results)}`,
  ];
  writeFileSync(new URL("benchmarks.md", docs), `${parts.join("\n\n")}\n`);
}

const aboutAims = `An aim in µs fits one machine and not another: read it beside what the baseline needed in the same run.

Four aims took the place of others that measured the wrong thing:

- A publish on Bun was measured against the same server on Node.js, and so was a connection. These ratios fell whenever the server got
  cheaper on Node.js. A publish now has the same aim in µs on both. Of a connection, the part counts that Sealcast adds to a bare
  server: it is the same code on both, so that it must not cost more on Bun.
- The memory of an idle connection was that of the first 10,000, and most of what varied was the heap for new objects, which grows to
  its full size once. It is now that of 10,000 further ones.
- Of the memory under churn, garbage was a part that varied by a fifth from one moment to the next. It is now collected before.`;

function machineTable(results: readonly ScenarioResults[]): string {
  const properties = [...new Set(results.flatMap(({ machine }) => Object.keys(machine)))];
  const rows = properties.map((property) => [
    property,
    [...new Set(results.map(({ machine }) => machine[property] ?? "–"))].join("; "),
  ]);
  const days = [...new Set(results.map(({ takenAt }) => takenAt.slice(0, 10)))];
  return markdownTable(["", "value"], [...rows, ["measured on", days.join(", ")]]);
}

const introduction = `# Benchmarks

This page is written by \`npm run bench\` from the raw results in [\`bench/results\`](../bench/results). Numbers are the median of
several runs with the lowest and highest in parentheses. Compare them with each other, not with other machines: CPU time per
piece of work is steadier than the rate, and ratios between servers that took turns are steadier than either.

\`\`\`sh
npm run bench                 # everything, under ten minutes
npm run bench -- fanout       # or publish, latency, memory, connect, churn, webhooks, observers, cluster, crypto
npm run bench -- --full       # longer and more runs, five minutes of churn
npm run bench -- --quick      # only shows that everything runs; keeps no results
\`\`\``;

const method = `## Method

- **The real server.** Sealcast runs as \`sealcast start\` with its defaults: nothing is switched off but subscription counts, which no
  other server here sends. Publishes go through the signed HTTP API, and what
  arrives are the frames that official clients expect.
- **Baselines** live in \`bench/src/subjects/baselines\` and are started by the benchmark, in the same run. They do the least that can be called
  the same job and check nothing: *bare ws* sends to each subscriber, *bare Bun publish* uses Bun's native topics, *socket.io* uses rooms
  and its own protocol, *bare node:http* and *bare Bun.serve* hash and parse and answer, *bare outbox* is Sealcast's way of writing without the rest, *bare node:net*
  reads and writes sockets of Node.js without anything between, and *uWebSockets* is a server in C++ with topics of its own.
- **Closed loop.** A publisher sends its next request when the last one was answered; “16 in flight” is 16 such publishers, “batches of 10” is one
  publisher with ten events per request. The clock stops when the last event reached the last subscriber, and a run fails unless
  exactly as many messages arrived as there must be. Before the runs, a real WebSocket client checks name, channel, data and order.
- **Load generator.** One process of its own, on another core where possible. It speaks WebSocket over raw sockets with one shared read buffer, and
  counts frames by their headers without decoding them; publishes are signed before the clock starts. That it is not the
  bottleneck shows in the column “load core busy”: below 1 while the server's core is at 1. Where both are near 1 (Bun, one event at a
  time), most of the load's time is the kernel's part of one read per delivery, which no other generator would be spared.
- **Turns.** Servers that are compared stay up side by side and take turns of well under a second, so that disturbances hit all of them.
- CPU time and resident memory are what the kernel reports for the server's process (\`/proc\`), so this runs on Linux.`;
