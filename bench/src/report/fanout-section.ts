import { curves } from "../scenarios/fanout/curves.ts";
import { profiled } from "../scenarios/fanout/profile.ts";
import { publishModes } from "../scenarios/fanout/run.ts";
import { shapes } from "../scenarios/fanout/shapes.ts";
import { subjects } from "../subjects/subject.ts";
import { barChart } from "./bar-chart.ts";
import { lineChart } from "./line-chart.ts";
import { markdownTable } from "./markdown-table.ts";
import { numberText } from "./number-text.ts";
import type { Runs } from "./runs.ts";
import { comparison, picture, summaryText, type Section } from "./section.ts";

const cost = "cpuMicrosPerDelivery";
const rate = "deliveriesPerSecond";
const drawn = [
  { what: "by subscribers", file: "fanout-subscribers.svg" },
  { what: "by size", file: "fanout-size.svg" },
  { what: "by channels per connection", file: "fanout-channels.svg" },
] as const satisfies readonly { readonly what: keyof typeof curves; readonly file: string }[];

/** Fan-out: the three ways of publishing side by side, the curves, and what uneven work costs. */
export function fanoutSection(runs: Runs): Section {
  const modes = Object.keys(publishModes);
  return {
    heading: "Fan-out",
    body: [
      "1,000 subscribers of one channel, 100 bytes of data. Deliveries per second with the server on one core:",
      picture("fanout.svg", "Deliveries per second by server and way of publishing"),
      ...modes.map((what) => `### ${capitalized(what)}\n\n${modeTable(runs, what)}`),
      ratioText(runs),
      "### As work grows",
      "16 publishes in flight; server CPU time per delivery.",
      ...drawn.map(({ what, file }) => picture(file, `CPU per delivery ${what}`)),
      curveTable(runs),
      "### When subscribers do not all get the same",
      "Sealcast, 1,000 subscribers, 16 publishes in flight. An event to few subscribers costs more per delivery because the publish itself is shared by fewer.",
      shapesTable(runs),
      "### Where the time goes",
      "Sealcast, 16 publishes in flight. Shares are of a CPU profile taken in a run of its own, and multiplied with the cost measured without the profiler. The publish itself, HTTP to JSON, is spread over 1,000 deliveries.",
      profileTable(runs),
    ].join("\n\n"),
    charts: {
      "fanout.svg": barChart(
        "Deliveries per second, 1,000 subscribers, 100 bytes",
        modes.map((what) => ({
          name: what,
          bars: runs.subjects(what).map((subject) => ({ name: subject, value: runs.median({ what, subject }, rate) })),
        })),
      ),
      ...Object.fromEntries(
        drawn.map(({ what, file }) => [
          file,
          lineChart(
            `CPU per delivery ${what}`,
            curves[what],
            "µs of server CPU per delivery",
            runs.subjects(what).map((name) => ({ name, points: runs.curve(what, name, cost) })),
          ),
        ]),
      ),
    },
  };
}

function modeTable(runs: Runs, what: string): string {
  return comparison(runs, what, [
    { head: "deliveries/s", value: rate },
    { head: "CPU µs per delivery", value: cost },
    { head: "server core busy", value: "serverCpuShare" },
    { head: "load core busy", value: "loadCpuShare" },
  ]);
}

function ratioText(runs: Runs): string {
  const ours = [subjects.sealcast.name, subjects.sealcastBun.name];
  const others = [subjects.ws.name, subjects.bun.name, subjects.collected.name];
  const rows = ours.flatMap((subject) =>
    Object.keys(publishModes).map((what) => [
      `${subject}, ${what}`,
      ...others.map(
        (other) =>
          `${numberText(runs.median({ what, subject }, rate) / runs.median({ what, subject: other }, rate))} ×`,
      ),
    ]),
  );
  return [
    "### Ratios",
    "Deliveries per second, divided by the baseline's. “Bare outbox” is Sealcast's way of writing without a server around it: what is missing to 1 × there is the price of signatures, checks, limits, byte counts and metrics.",
    markdownTable(["", ...others.map((other) => `to ${other}`)], rows),
  ].join("\n\n");
}

function curveTable(runs: Runs): string {
  const names = runs.subjects(drawn[0].what);
  const rows = drawn.flatMap(({ what }) =>
    runs
      .curve(what, names[0] ?? "", cost)
      .map(({ x }) => [
        `${what.replace("by ", "")}: ${x.toLocaleString("en")}`,
        ...names.map(
          (subject) =>
            `${numberText(runs.median({ what, subject, x }, cost))} (${numberText(runs.median({ what, subject, x }, rate))}/s)`,
        ),
      ]),
  );
  return markdownTable(["CPU µs per delivery (deliveries/s)", ...names], rows);
}

function shapesTable(runs: Runs): string {
  const subject = subjects.sealcast.name;
  return markdownTable(
    ["", "deliveries/s", "CPU µs per delivery"],
    Object.keys(shapes).map((what) => [
      what,
      summaryText(runs.summary({ what, subject }, rate)),
      summaryText(runs.summary({ what, subject }, cost)),
    ]),
  );
}

function profileTable(runs: Runs): string {
  const subject = subjects.sealcast.name;
  const key = { what: profiled, subject };
  const total = runs.median({ what: "16 in flight", subject }, cost);
  const rows = runs.valueNames(key).map((part) => {
    const share = runs.median(key, part);
    return [part, `${numberText(share * 100)} %`, numberText(share * total)];
  });
  return markdownTable(["", "share", "CPU µs per delivery"], rows);
}

function capitalized(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
