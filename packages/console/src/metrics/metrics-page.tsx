import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { Tabs } from "../shell/tabs.tsx";
import { Chart } from "./chart.tsx";
import { charts } from "./charts.ts";
import { useFigureLines } from "./use-figure-lines.ts";

/** Lengths of time in minutes. */
const ranges = [
  { label: "15 minutes", id: 15 },
  { label: "1 hour", id: 60 },
  { label: "6 hours", id: 360 },
];

/** How the server is doing, now and in the last hours. */
export function MetricsPage(): VNode {
  const [minutes, setMinutes] = useState(15);
  const lines = useFigureLines(minutes);
  return (
    <>
      <h1>Metrics</h1>
      <Tabs name="Time" tabs={ranges} chosen={minutes} onChoose={setMinutes} />
      <div class="charts">
        {charts.map((row) => (
          <Chart key={row.title} title={row.title} times={lines.times} lines={lines.of(row)} unit={row.unit} />
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
