import type { VNode } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { FigureHistory, NodeFigures } from "@sealcast/server/console";
import { useFetched } from "../api/use-fetched.ts";
import { figures } from "../log/live-log.ts";
import { Tabs } from "../shell/tabs.tsx";
import { Chart } from "./chart.tsx";
import { charts } from "./charts.ts";
import { figureLines } from "./figure-lines.ts";

/** Lengths of time in milliseconds. */
const ranges = [
  { label: "15 minutes", id: 900_000 },
  { label: "1 hour", id: 3_600_000 },
  { label: "6 hours", id: 21_600_000 },
];

/** How the server is doing, now and in the last hours. */
export function MetricsPage(): VNode {
  const [rangeMs, setRangeMs] = useState(900_000);
  const [answer] = useFetched<FigureHistory>("/history", 15_000);
  const history = answer?.ok === true ? answer.value : noHistory;
  const lines = useMemo(
    () => figureLines(withHistory(history, figures.value, Date.now() - rangeMs)),
    [history, figures.value, rangeMs],
  );
  return (
    <>
      <h1>Metrics</h1>
      <Tabs name="Time" tabs={ranges} chosen={rangeMs} onChoose={setRangeMs} />
      <div class="charts">
        {charts.map((row) => (
          <Chart key={row.title} title={row.title} times={lines.times} lines={lines.of(row)} format={row.format} />
        ))}
      </div>
      <p class="hint">
        Drag to zoom in; double-click to zoom out. The server keeps six hours. It counts events and requests only while
        somebody has this console open or reads its metrics, and for an hour after that. For longer, read{" "}
        <code>GET /metrics</code> with Prometheus.
      </p>
    </>
  );
}

const noHistory: FigureHistory = [];

/** The figures of each node since a time: what the server kept, then what came since this page was opened. */
function withHistory(
  history: FigureHistory,
  live: ReadonlyMap<string, readonly NodeFigures[]>,
  sinceMs: number,
): ReadonlyMap<string, readonly NodeFigures[]> {
  const byNode = new Map<string, NodeFigures[]>();
  for (const kept of history) {
    const first = live.get(kept.node)?.[0];
    if (kept.timeMs < sinceMs || (first !== undefined && kept.timeMs >= first.timeMs)) continue;
    const list = byNode.get(kept.node);
    if (list === undefined) byNode.set(kept.node, [kept]);
    else list.push(kept);
  }
  for (const [node, list] of live) {
    byNode.set(node, [...(byNode.get(node) ?? []), ...list.filter(({ timeMs }) => timeMs >= sinceMs)]);
  }
  return byNode;
}
