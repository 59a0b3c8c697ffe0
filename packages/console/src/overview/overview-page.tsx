import type { VNode } from "preact";
import { session } from "../api/request.ts";
import { figures } from "../log/live-log.ts";
import { Chart } from "../metrics/chart.tsx";
import { connectionsChart, deliveredChart, publishedChart } from "../metrics/charts.ts";
import { figureOf } from "../metrics/figure-lines.ts";
import { useFigureLines } from "../metrics/use-figure-lines.ts";
import { EmptyState } from "../shell/empty-state.tsx";
import { bytesText, countText } from "../shell/number-text.ts";
import { linkTo } from "../shell/route.ts";
import { Table, type Column } from "../shell/table.tsx";
import { ageText } from "../shell/time-text.ts";
import { LatestProblems } from "./latest-problems.tsx";
import { nodeStates, type NodeState } from "./node-states.ts";

/** How the server is doing, at a glance. */
export function OverviewPage(): VNode {
  const lines = useFigureLines(15);
  const nodes = nodeStates(figures.value);
  const reporting = nodes.filter(({ isReporting }) => isReporting);
  const sum = (read: (node: NodeState) => number): string =>
    countText(reporting.reduce((total, node) => total + read(node), 0));
  const server = session.value?.server;
  return (
    <>
      <h1>Overview</h1>
      <div class="cards">
        <Card title="Nodes" value={countText(reporting.length)} />
        <Card title="Connections" value={sum(({ newest }) => newest.connections)} />
        <Card
          title="Events per second"
          value={sum(({ newest, before }) => figureOf(publishedChart, newest, before) ?? 0)}
        />
        <Card
          title="Messages per second"
          value={sum(({ newest, before }) => figureOf(deliveredChart, newest, before) ?? 0)}
        />
      </div>
      {reporting.length > 0 && reporting.every(({ newest }) => newest.connections === 0) && (
        <EmptyState title="No client is connected">
          <a href={linkTo("getting-started")}>Connect your first client</a> or send an event from the{" "}
          <a href={linkTo("log")}>live log</a>.
        </EmptyState>
      )}
      <div class="charts">
        {[connectionsChart, deliveredChart].map((row) => (
          <Chart key={row.title} title={row.title} times={lines.times} lines={lines.of(row)} unit={row.unit} />
        ))}
      </div>
      <p class="hint">
        The last 15 minutes. <a href={linkTo("metrics")}>All metrics of the last hours</a>
      </p>
      <LatestProblems />
      <h2>Nodes</h2>
      <Table label="Nodes" columns={columns} rows={nodes} keyOf={({ newest }) => newest.node} />
      <p class="hint">
        This page is served by Sealcast {server?.version} on {server?.runtime}, with the {server?.engine} engine.
      </p>
    </>
  );
}

const columns: readonly Column<NodeState>[] = [
  { title: "Node", look: "mono", cell: ({ newest }) => newest.node },
  {
    title: "State",
    cell: ({ newest, isReporting }) =>
      isReporting ? (
        <span class="badge good">Reporting</span>
      ) : (
        <span class="badge bad">No report for {ageText(newest.timeMs, Date.now())}</span>
      ),
  },
  { title: "Connections", look: "number", cell: ({ newest }) => countText(newest.connections) },
  { title: "Memory", look: "number", cell: ({ newest }) => bytesText(newest.memoryBytes) },
];

function Card({ title, value }: { title: string; value: string }): VNode {
  return (
    <div class="card">
      <span>{title}</span>
      <strong>{value}</strong>
    </div>
  );
}
