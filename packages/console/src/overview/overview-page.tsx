import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import type { NodeFigures } from "@sealcast/server/console";
import { figures } from "../log/live-log.ts";
import { EmptyState } from "../shell/empty-state.tsx";
import { bytesText, countText } from "../shell/number-text.ts";
import { linkTo } from "../shell/route.ts";
import { Chart } from "./chart.tsx";
import { figureLines } from "./figure-lines.ts";

/** Every figure of the page: its title, how it reads, and how it looks. */
const charts = [
  { title: "Connections", kind: "level", read: (node: NodeFigures) => node.connections, format: countText },
  {
    title: "Events published per second",
    kind: "rate",
    read: (node: NodeFigures) => node.published,
    format: countText,
  },
  {
    title: "Messages delivered per second",
    kind: "rate",
    read: (node: NodeFigures) => node.delivered,
    format: countText,
  },
  {
    title: "Event loop delay, 99th percentile",
    kind: "level",
    read: (node: NodeFigures) => node.loopDelayMs,
    format: milliseconds,
  },
  { title: "Memory", kind: "level", read: (node: NodeFigures) => node.memoryBytes, format: bytesText },
  {
    title: "Bytes waiting for slow connections",
    kind: "level",
    read: (node: NodeFigures) => node.bufferedBytes,
    format: bytesText,
  },
] as const;

/** How the server is doing, since this page was opened. */
export function OverviewPage(): VNode {
  const lines = useMemo(() => figureLines(figures.value), [figures.value]);
  const newest = [...figures.value.values()].flatMap((list) => list.at(-1) ?? []);
  const connections = newest.reduce((sum, node) => sum + node.connections, 0);
  return (
    <>
      <h1>Overview</h1>
      <div class="cards">
        <Card title="Nodes" value={countText(newest.length)} />
        <Card title="Connections" value={countText(connections)} />
        <Card title="Events published" value={countText(newest.reduce((sum, node) => sum + node.published, 0))} />
      </div>
      {newest.length > 0 && connections === 0 && (
        <EmptyState title="No client is connected">
          <a href={linkTo("getting-started")}>Connect your first client</a> or send an event from the{" "}
          <a href={linkTo("log")}>live log</a>.
        </EmptyState>
      )}
      <div class="charts">
        {charts.map(({ title, kind, read, format }) => (
          <Chart key={title} title={title} times={lines.times} lines={lines[kind](read)} format={format} />
        ))}
      </div>
      <p class="hint">Charts begin when this page is opened. Drag to zoom in; double-click to zoom out.</p>
    </>
  );
}

function Card({ title, value }: { title: string; value: string }): VNode {
  return (
    <div class="card">
      <span>{title}</span>
      <strong>{value}</strong>
    </div>
  );
}

function milliseconds(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}
