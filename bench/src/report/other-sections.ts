import { oneChannel, ownChannels } from "../scenarios/memory.ts";
import { lineChart } from "./line-chart.ts";
import type { Runs } from "./runs.ts";
import { comparison, picture, type Section } from "./section.ts";

/** The publish path without subscribers. */
export function publishSection(runs: Runs): Section {
  const columns = [
    { head: "requests/s", value: "requestsPerSecond" },
    { head: "CPU µs per request", value: "cpuMicrosPerRequest" },
  ];
  return {
    heading: "Signed publish without subscribers",
    body: [
      "16 kept-alive connections, each with one request under way. The baselines check MD5 and HMAC and parse the JSON, as every server must, and answer.",
      `### One event per request\n\n${comparison(runs, "1 event", columns)}`,
      `### Batch of 10\n\n${comparison(runs, "batch of 10", columns)}`,
    ].join("\n\n"),
    charts: {},
  };
}

/** Delay of events that come one by one. */
export function latencySection(runs: Runs): Section {
  return {
    heading: "Latency",
    body: [
      "20 events per second to 1,000 subscribers; milliseconds from writing the publish request to reading the event, over all subscribers. Each run's percentile; then median and range of the runs.",
      comparison(runs, "20 events/s", [
        { head: "p50 ms", value: "p50Ms" },
        { head: "p99 ms", value: "p99Ms" },
      ]),
    ].join("\n\n"),
    charts: {},
  };
}

/** What an idle connection occupies. */
export function memorySection(runs: Runs): Section {
  const columns = [
    { head: "KiB per connection", value: "kibPerConnection" },
    { head: "KiB after collection", value: "kibPerConnectionCollected" },
    { head: "of that JavaScript objects, bytes", value: "heapBytesPerConnection" },
  ];
  return {
    heading: "Memory",
    body: [
      "Growth of the server's resident memory by 10,000 idle connections, all subscribed to one channel, per connection: two seconds after the last one, and after a garbage collection on request. Before the count begins, the server has 5,000 such connections, and collects garbage.",
      comparison(runs, oneChannel, columns),
      "The same if each connection has a channel of its own:",
      comparison(runs, ownChannels, columns),
    ].join("\n\n"),
    charts: {},
  };
}

/** Arriving, leaving all at once, and starting. */
export function connectSection(runs: Runs): Section {
  return {
    heading: "Connecting",
    body: [
      "1,500 clients connect and subscribe, 128 at a time, to a server that had as many before. A connection costs the load generator more than the fast servers, so compare CPU time where the server's core is not busy.",
      comparison(runs, "connect and subscribe", [
        { head: "connects/s", value: "connectsPerSecond" },
        { head: "CPU µs per connect", value: "cpuMicrosPerConnect" },
        { head: "server core busy", value: "serverCpuShare" },
      ]),
      "### 10,000 dropped at once",
      "The process that holds 10,000 subscribed connections is killed while newcomers go on connecting, one after the other, for four seconds in all. Delay of the server's event loop, sampled every millisecond, and how long newcomers waited from the TCP connect to the first message.",
      comparison(runs, "10,000 dropped at once", [
        { head: "loop delay p99 ms", value: "loopDelayP99Ms" },
        { head: "longest loop delay ms", value: "slowestLoopMs" },
        { head: "accepted", value: "accepts" },
        { head: "accept p99 ms", value: "acceptP99Ms" },
        { head: "slowest accept ms", value: "slowestAcceptMs" },
      ]),
      "### Start",
      "From starting the process to its first accepted TCP connection.",
      comparison(runs, "start", [{ head: "seconds", value: "startSeconds" }]),
    ].join("\n\n"),
    charts: {},
  };
}

/** Memory while clients come and go. */
export function churnSection(runs: Runs): Section {
  const curve = "resident memory";
  return {
    heading: "Churn",
    body: [
      "64 clients connect, subscribe to one of 5,000 channels, leave and come back, without a pause. Resident memory after a garbage collection: “early” is after the first fifth of the time; `--full` goes on for five minutes.",
      comparison(runs, "growth", [
        { head: "seconds", value: "seconds" },
        { head: "connections made", value: "lives" },
        { head: "early MiB", value: "earlyMib" },
        { head: "end MiB", value: "lateMib" },
        { head: "growth (share)", value: "growth" },
      ]),
      picture("churn.svg", "Resident memory under churn"),
    ].join("\n\n"),
    charts: {
      "churn.svg": lineChart(
        "Resident memory under churn",
        "seconds",
        "MiB",
        runs.subjects(curve).map((name) => ({ name, points: runs.curve(curve, name, "residentMib") })),
      ),
    },
  };
}

/** What webhooks cost. */
export function webhooksSection(runs: Runs): Section {
  return workSection(
    runs,
    "Webhooks",
    "The same server with and without a webhook for every kind of event, in turns. CPU time is that of the whole process: with webhooks it includes the thread that keeps and sends them. Each new connection subscribes to a channel of its own, so each causes an event; a publish causes none.",
  );
}

/** What it costs that the server observes itself. */
export function observersSection(runs: Runs): Section {
  return workSection(
    runs,
    "Log, metrics and console",
    "The same server without any listener to its activity, with a console that nobody watches, with a console of which one page is open and gets every type of entry (at most 2,000 a second), with the log at its default level, and while `/metrics` is read each second; in turns.",
  );
}

/** The work that `scenarios/work.ts` measures. */
function workSection(runs: Runs, heading: string, introduction: string): Section {
  const columns = [
    { head: "per second", value: "perSecond" },
    { head: "CPU µs each", value: "cpuMicrosEach" },
  ];
  const parts = ["connect and subscribe", "publish without subscribers", "publish to 200 subscribers"];
  return {
    heading,
    body: [
      introduction,
      ...parts.map(
        (what) => `### ${what.charAt(0).toUpperCase()}${what.slice(1)}\n\n${comparison(runs, what, columns)}`,
      ),
    ].join("\n\n"),
    charts: {},
  };
}
