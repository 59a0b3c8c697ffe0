import type { OpenRoute } from "../http-api/routes.ts";
import type { Clock } from "../ports/clock.ts";
import type { Observer } from "../ports/observer.ts";
import type { ProcessFigures } from "../ports/process-figures.ts";
import type { Signer } from "../ports/signer.ts";
import type { ListenAddress } from "../ports/transport.ts";
import { MetricCounts } from "./metric-counts.ts";
import { createMetricsObserver } from "./metrics-observer.ts";
import { createMetricsRoute, type MetricsAccess } from "./metrics-route.ts";
import { readMetrics, type MetricSources } from "./read-metrics.ts";
import { RecentUse } from "./recent-use.ts";

/** What the metrics need from outside the server. */
export interface MetricsPorts {
  readonly version: string;
  readonly engine: string;
  readonly node: string;
  readonly process: ProcessFigures;
  readonly access: MetricsAccess;
  /** An address for the metrics apart from all other requests; undefined: they are at the server's own address. */
  readonly address: ListenAddress | undefined;
}

/** The figures of a server: counts of what happens, and who may read them. */
export interface Metrics {
  readonly counts: MetricCounts;
  readonly use: RecentUse;
  readonly observer: Observer;
}

/** Creates the counts of a server. Nothing is counted before somebody reads them. */
export function createMetrics(clock: Pick<Clock, "after">): Metrics {
  const counts = new MetricCounts();
  const use = new RecentUse(clock);
  return { counts, use, observer: createMetricsObserver(counts, use) };
}

/** What the metrics see of the server that they belong to. */
export type MetricsHost = Omit<MetricSources, "info" | "counts" | "process"> & { readonly runtime: string };

/** Creates `GET /metrics` for a server. */
export function routeOfMetrics(
  { counts, use }: Metrics,
  ports: MetricsPorts,
  signer: Signer,
  host: MetricsHost,
): OpenRoute {
  const { version, engine, node, process, access } = ports;
  const info = { version, engine, node, runtime: host.runtime };
  return createMetricsRoute(access, signer, use, () => readMetrics({ ...host, info, counts, process }));
}
