import type { AppId } from "@sealcast/protocol";
import { metricTable, type MetricName } from "../core/monitoring/metric-table.ts";
import type { ProcessFigures } from "../ports/process-figures.ts";
import type { WebhookBacklog } from "../ports/webhook-queue.ts";
import type { MetricReadings } from "./exposition.ts";
import type { CountedName, MetricCounts, Sample } from "./metric-counts.ts";

/** Apps whose gauges are listed. */
const maxApps = 1_000;

/** What the metrics read of the server when somebody asks. */
export interface MetricSources {
  readonly info: { readonly version: string; readonly runtime: string; readonly engine: string; readonly node: string };
  readonly counts: MetricCounts;
  readonly process: ProcessFigures;
  readonly apps: () => readonly { readonly id: AppId }[];
  readonly connectionsOf: (app: AppId) => number;
  readonly channelsOf: (app: AppId) => number;
  readonly bufferedBytes: () => number;
  readonly isReady: () => boolean;
  readonly isEngineReady: () => boolean;
  /** undefined: no app has a webhook. */
  readonly webhookBacklog: () => Promise<WebhookBacklog | undefined>;
}

/** Reads every metric. */
export async function readMetrics(sources: MetricSources): Promise<MetricReadings> {
  const { info, counts } = sources;
  const apps = sources.apps().slice(0, maxApps);
  const perApp = (read: (app: AppId) => number): Sample[] => apps.map(({ id }) => ({ labels: [id], value: read(id) }));
  const process = sources.process.read();
  const backlog = await sources.webhookBacklog();
  return {
    ...countedReadings(counts, apps),
    sealcast_request_duration_seconds: counts.histogramsOf("sealcast_request_duration_seconds"),
    sealcast_info: [{ labels: [info.version, info.runtime, info.engine, info.node], value: 1 }],
    sealcast_ready: single(Number(sources.isReady())),
    sealcast_engine_ready: single(Number(sources.isEngineReady())),
    sealcast_connections: perApp(sources.connectionsOf),
    sealcast_channels: perApp(sources.channelsOf),
    sealcast_buffered_bytes: single(sources.bufferedBytes()),
    ...(backlog && {
      sealcast_webhook_events_waiting: single(backlog.events),
      sealcast_webhook_bytes_waiting: single(backlog.bytes),
      sealcast_webhook_dead_letters: single(backlog.deadLetters),
    }),
    process_resident_memory_bytes: single(process.memoryBytes),
    process_cpu_seconds_total: single(process.cpuSeconds),
    process_start_time_seconds: single(process.startedSeconds),
    nodejs_heap_size_used_bytes: single(process.heapUsedBytes),
    nodejs_eventloop_lag_p99_seconds: single(process.loopDelayMs / 1_000),
  };
}

/** The counters. Those of an app begin with 0, so that rates can be computed from the first event on. */
function countedReadings(counts: MetricCounts, apps: readonly { readonly id: AppId }[]): MetricReadings {
  return Object.fromEntries(
    (Object.keys(metricTable) as MetricName[]).filter(isCounted).map((name) => {
      const samples = counts.samplesOf(name);
      return [name, [...samples, ...zeros(metricTable[name].labels, samples, apps)]];
    }),
  );
}

function zeros(
  labels: readonly string[],
  samples: readonly Sample[],
  apps: readonly { readonly id: AppId }[],
): Sample[] {
  if (labels.length === 0) return samples.length === 0 ? [{ labels: [], value: 0 }] : [];
  if (labels.join(",") !== "app") return [];
  const counted = new Set(samples.map(({ labels: [app] }) => app));
  return apps.filter(({ id }) => !counted.has(id)).map(({ id }) => ({ labels: [id], value: 0 }));
}

function isCounted(name: MetricName): name is CountedName {
  return metricTable[name].type === "counter" && name !== "process_cpu_seconds_total";
}

function single(value: number): readonly Sample[] {
  return [{ labels: [], value }];
}
