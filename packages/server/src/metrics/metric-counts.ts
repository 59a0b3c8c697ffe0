import { metricTable, type MetricName, type MetricRow } from "../core/monitoring/metric-table.ts";
import { durationBuckets, Histogram } from "./histogram.ts";

/** Apps that get series of their own. What others do is counted under the app "other". */
const maxApps = 1_000;

/** One value of a metric, with the values of its labels in the order of the table. */
export interface Sample {
  readonly labels: readonly string[];
  readonly value: number;
}

/** One histogram of a metric. */
export interface HistogramSample {
  readonly labels: readonly string[];
  readonly histogram: Histogram;
}

/** The name of a metric of one type. */
type NameOf<Type extends MetricRow["type"]> = {
  [Name in MetricName]: (typeof metricTable)[Name]["type"] extends Type ? Name : never;
}[MetricName];

/** The name of a counter that activities add to. */
export type CountedName = Exclude<NameOf<"counter">, "process_cpu_seconds_total">;

/** The counters and histograms of this process. The number of series is bounded, however many apps there are. */
export class MetricCounts {
  readonly #counters = new Map<CountedName, Map<string, { labels: readonly string[]; value: number }>>();
  readonly #histograms = new Map<NameOf<"histogram">, Map<string, HistogramSample>>();
  readonly #apps = new Set<string>();

  /** Adds to a counter. */
  add(name: CountedName, labels: readonly string[], amount = 1): void {
    const bounded = this.#bounded(name, labels);
    const series = seriesOf(this.#counters, name);
    const key = keyOf(bounded);
    const found = series.get(key);
    if (found === undefined) series.set(key, { labels: bounded, value: amount });
    else found.value += amount;
  }

  /** Adds a duration to a histogram. */
  observe(name: NameOf<"histogram">, labels: readonly string[], seconds: number): void {
    const series = seriesOf(this.#histograms, name);
    const key = keyOf(labels);
    let found = series.get(key);
    if (found === undefined) {
      found = { labels, histogram: new Histogram(durationBuckets) };
      series.set(key, found);
    }
    found.histogram.observe(seconds);
  }

  /** The values of a counter. */
  samplesOf(name: CountedName): readonly Sample[] {
    return [...(this.#counters.get(name)?.values() ?? [])];
  }

  /** The sum of a counter over all values of its labels. */
  total(name: CountedName): number {
    return this.samplesOf(name).reduce((sum, { value }) => sum + value, 0);
  }

  /** How many durations a histogram holds, and their sum in seconds. */
  durations(name: NameOf<"histogram">): { readonly count: number; readonly sum: number } {
    let [count, sum] = [0, 0];
    for (const { histogram } of this.histogramsOf(name)) {
      count += histogram.count;
      sum += histogram.sum;
    }
    return { count, sum };
  }

  histogramsOf(name: NameOf<"histogram">): readonly HistogramSample[] {
    return [...(this.#histograms.get(name)?.values() ?? [])];
  }

  #bounded(name: CountedName, labels: readonly string[]): readonly string[] {
    const [app = "", ...rest] = labels;
    const names: readonly string[] = metricTable[name].labels;
    if (names[0] !== "app" || app === "" || this.#apps.has(app)) return labels;
    if (this.#apps.size >= maxApps) return ["other", ...rest];
    this.#apps.add(app);
    return labels;
  }
}

function seriesOf<Name, Value>(all: Map<Name, Map<string, Value>>, name: Name): Map<string, Value> {
  let series = all.get(name);
  if (series === undefined) {
    series = new Map();
    all.set(name, series);
  }
  return series;
}

function keyOf(labels: readonly string[]): string {
  return labels.length === 1 ? (labels[0] ?? "") : labels.join("\n");
}
