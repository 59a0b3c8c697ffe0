import type { AppId } from "@sealcast/protocol";
import { FakeClock } from "@sealcast/server-testing";
import { describe, expect, test } from "vitest";
import { ActivityLog } from "./activity-log.ts";
import { entryTypes, type ConnectionRow, type LogEntry, type NodeFigures } from "./contract.ts";
import { NodeReports } from "./node-reports.ts";

const app = "1001" as AppId;
const clientEvent = { kind: "client-event", app, socketId: "1.1", channel: "a", userId: undefined } as const;

/** Some nodes, each of which receives what any of them sends. */
class Cluster {
  readonly clock = new FakeClock();
  readonly sent: string[] = [];
  readonly nodes = ["a", "b"].map((name) => this.#createNode(name));

  #createNode(node: string): { log: ActivityLog; reports: NodeReports; closed: string[] } {
    const log = new ActivityLog(node, this.clock);
    const closed: string[] = [];
    const row = { socketId: `1.${node}`, node, openedMs: 1, channels: [] } as unknown as ConnectionRow;
    const reports = new NodeReports({
      node,
      clock: this.clock,
      log,
      figures: () => ({ node }) as NodeFigures,
      connections: () => ({ total: 1, rows: [row] }),
      closeConnection: (_app, socketId) => void closed.push(socketId),
      send: (of, text) => {
        this.sent.push(text);
        for (const each of this.nodes) each.reports.messageReceived(of, text);
      },
    });
    return { log, reports, closed };
  }
}

function observe(log: ActivityLog, event: string): void {
  if (log.wants("client-event")) log.observe({ ...clientEvent, event, data: "{}" } as never);
}

function watchOn(
  cluster: Cluster,
  types: readonly (typeof entryTypes)[number][] = entryTypes,
): { entries: LogEntry[]; figures: string[]; dropped: number[]; stop: () => void } {
  const [here] = cluster.nodes;
  const seen = { entries: [] as LogEntry[], figures: [] as string[], dropped: [] as number[] };
  const stopLog = here?.log.watch({ app, types: new Set(types), show: (entry) => void seen.entries.push(entry) });
  const stopReports = here?.reports.watch({
    app,
    types,
    figures: ({ node }) => void seen.figures.push(node),
    dropped: (count) => void seen.dropped.push(count),
  });
  return {
    ...seen,
    stop: () => {
      stopLog?.();
      stopReports?.();
    },
  };
}

describe("the console of a cluster", () => {
  test("shows what happens on another node, once, with the name of that node", () => {
    const cluster = new Cluster();
    const seen = watchOn(cluster);
    for (const { log } of cluster.nodes) observe(log, "client-x");
    cluster.clock.advance(1_000);
    expect(seen.entries.map(({ node, event }) => `${node} ${event}`)).toEqual(["a client-x", "b client-x"]);
    expect(seen.figures).toEqual(["b"]);
    expect(cluster.nodes[0]?.reports.connectionsOf(app).map(({ rows }) => rows[0]?.socketId)).toEqual(["1.b"]);
  });

  test("other nodes send only the types that somebody watches", () => {
    const cluster = new Cluster();
    const seen = watchOn(cluster, ["occupied"]);
    expect(cluster.nodes[1]?.log.wants("client-event")).toBe(false);
    expect(cluster.nodes[1]?.log.wants("occupied")).toBe(true);
    seen.stop();
  });

  test("costs other nodes nothing before somebody watches, and from six seconds after that", () => {
    const cluster = new Cluster();
    const other = cluster.nodes[1];
    expect(other?.log.wants("client-event")).toBe(false);
    const { stop } = watchOn(cluster);
    cluster.clock.advance(60_000);
    expect(other?.log.wants("client-event")).toBe(true);
    stop();
    cluster.clock.advance(6_000);
    expect(other?.log.wants("client-event")).toBe(false);
    const before = cluster.sent.length;
    cluster.clock.advance(60_000);
    expect(cluster.sent).toHaveLength(before);
  });

  test("leaves entries out if there are too many, and says how many", () => {
    const cluster = new Cluster();
    const seen = watchOn(cluster);
    for (const other of cluster.nodes.slice(1)) {
      for (let index = 0; index < 150; index += 1) observe(other.log, `client-${index}`);
    }
    cluster.clock.advance(250);
    expect([seen.entries.length, seen.dropped]).toEqual([100, [50]]);
  });

  test("forgets the connections of a node that is gone", () => {
    const cluster = new Cluster();
    watchOn(cluster);
    cluster.clock.advance(1_000);
    const [here, other] = cluster.nodes;
    other?.reports.close();
    cluster.nodes.length = 1;
    cluster.clock.advance(10_000);
    expect(here?.reports.connectionsOf(app)).toEqual([]);
  });

  test("closes a connection on the node that has it, and none that no node has reported", () => {
    const cluster = new Cluster();
    watchOn(cluster);
    cluster.clock.advance(1_000);
    const [here, other] = cluster.nodes;
    expect([here?.reports.closeElsewhere(app, "1.b"), here?.reports.closeElsewhere(app, "1.c")]).toEqual([true, false]);
    expect([here?.closed, other?.closed]).toEqual([[], ["1.b"]]);
  });

  test("ignores notes of another version", () => {
    const cluster = new Cluster();
    cluster.nodes[1]?.reports.messageReceived(app, '{"version":2,"kind":"watch","from":"a","types":["client-event"]}');
    expect(cluster.nodes[1]?.log.wants("client-event")).toBe(false);
  });
});
