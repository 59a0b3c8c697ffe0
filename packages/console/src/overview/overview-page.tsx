import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { session } from "../api/request.ts";
import { figures } from "../log/live-log.ts";
import { Chart } from "../metrics/chart.tsx";
import { charts } from "../metrics/charts.ts";
import { figureLines } from "../metrics/figure-lines.ts";
import { EmptyState } from "../shell/empty-state.tsx";
import { bytesText, countText } from "../shell/number-text.ts";
import { linkTo } from "../shell/route.ts";
import { Table } from "../shell/table.tsx";
import { ageText } from "../shell/time-text.ts";

/** Charts that are shown here, too. */
const shown = new Set(["Connections", "Messages delivered per second"]);

/** How the server is doing, at a glance. */
export function OverviewPage(): VNode {
  const lines = useMemo(() => figureLines(figures.value), [figures.value]);
  const newest = [...figures.value.values()].flatMap((list) => list.at(-1) ?? []);
  const connections = newest.reduce((sum, node) => sum + node.connections, 0);
  const server = session.value?.server;
  return (
    <>
      <h1>Overview</h1>
      <div class="cards">
        <Card title="Nodes" value={countText(newest.length)} />
        <Card title="Connections" value={countText(connections)} />
        <Card title="Events published" value={countText(newest.reduce((sum, node) => sum + node.published, 0))} />
        <Card title="Messages delivered" value={countText(newest.reduce((sum, node) => sum + node.delivered, 0))} />
      </div>
      {newest.length > 0 && connections === 0 && (
        <EmptyState title="No client is connected">
          <a href={linkTo("getting-started")}>Connect your first client</a> or send an event from the{" "}
          <a href={linkTo("log")}>live log</a>.
        </EmptyState>
      )}
      <div class="charts">
        {charts
          .filter(({ title }) => shown.has(title))
          .map((row) => (
            <Chart key={row.title} title={row.title} times={lines.times} lines={lines.of(row)} format={row.format} />
          ))}
      </div>
      <p class="hint">
        These charts begin when this page is opened. <a href={linkTo("metrics")}>All metrics of the last hours</a>
      </p>
      <h2>Nodes</h2>
      <p class="hint">
        The node that answers runs Sealcast {server?.version} on {server?.runtime}, with the engine {server?.engine}.
      </p>
      <Table label="Nodes" head={["Node", { number: "Connections" }, { number: "Memory" }, "Last report"]}>
        {newest.map((node) => (
          <tr key={node.node}>
            <td class="mono">{node.node}</td>
            <td class="number">{countText(node.connections)}</td>
            <td class="number">{bytesText(node.memoryBytes)}</td>
            <td>{Date.now() - node.timeMs < 3_000 ? "now" : `${ageText(node.timeMs, Date.now())} ago`}</td>
          </tr>
        ))}
      </Table>
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
