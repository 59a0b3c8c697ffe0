import { metricTable, type MetricName, type MetricRow } from "../core/monitoring/metric-table.ts";
import type { Histogram } from "./histogram.ts";
import type { HistogramSample, Sample } from "./metric-counts.ts";

/** Media type of the text format of Prometheus. */
export const expositionType = "text/plain; version=0.0.4; charset=utf-8";

/** What a metric reads at one moment. */
export type MetricReadings = Readonly<Partial<Record<MetricName, readonly (Sample | HistogramSample)[]>>>;

/**
 * Writes readings in the text format of Prometheus. Source: prometheus.io, "Exposition formats". Metrics without a reading
 * are left out.
 */
export function exposition(readings: MetricReadings): string {
  const names = Object.keys(metricTable) as MetricName[];
  return names.map((name) => metricText(name, metricTable[name], readings[name] ?? [])).join("");
}

function metricText(
  name: MetricName,
  { type, help, labels }: MetricRow,
  samples: readonly (Sample | HistogramSample)[],
): string {
  if (samples.length === 0) return "";
  const lines = samples.flatMap((sample) => {
    const pairs = labels.map((label, index) => pair(label, sample.labels[index] ?? ""));
    return "value" in sample ? [line(name, pairs, sample.value)] : histogramLines(name, pairs, sample.histogram);
  });
  return [`# HELP ${name} ${escaped(help)}`, `# TYPE ${name} ${type}`, ...lines, ""].join("\n");
}

function histogramLines(name: string, pairs: readonly string[], histogram: Histogram): string[] {
  const bucket = (end: string, count: number): string => line(`${name}_bucket`, [...pairs, pair("le", end)], count);
  return [
    ...histogram.cumulative().map(({ end, count }) => bucket(String(end), count)),
    bucket("+Inf", histogram.count),
    line(`${name}_sum`, pairs, histogram.sum),
    line(`${name}_count`, pairs, histogram.count),
  ];
}

function line(name: string, pairs: readonly string[], value: number): string {
  return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}`;
}

function pair(label: string, value: string): string {
  return `${label}="${escaped(value).replaceAll('"', String.raw`\"`)}"`;
}

function escaped(text: string): string {
  return text.replaceAll("\\", String.raw`\\`).replaceAll("\n", String.raw`\n`);
}
