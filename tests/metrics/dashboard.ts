/** One panel of the dashboard. */
interface PanelRow {
  readonly title: string;
  readonly unit: "short" | "bytes" | "s" | "percentunit" | "ops";
  /** Expressions with the legends of their series. */
  readonly queries: readonly (readonly [expression: string, legend: string])[];
}

const perSecond = (metric: string, by: string): string =>
  `sum by (${by}) (rate(${metric}{instance=~"$instance"}[$__rate_interval]))`;
const quantile = (share: number): string =>
  `histogram_quantile(${share}, sum by (le) (rate(sealcast_request_duration_seconds_bucket{instance=~"$instance",route="/apps/*/events"}[$__rate_interval])))`;
const level = (metric: string, by: string): string => `sum by (${by}) (${metric}{instance=~"$instance"})`;

/** Every panel, in the order of the dashboard. */
export const panels: readonly PanelRow[] = [
  { title: "Connections", unit: "short", queries: [[level("sealcast_connections", "app"), "app {{app}}"]] },
  {
    title: "Connections opened, closed and refused",
    unit: "ops",
    queries: [
      [perSecond("sealcast_connections_opened_total", "job"), "opened"],
      [perSecond("sealcast_connections_closed_total", "job"), "closed"],
      [perSecond("sealcast_connections_refused_total", "code"), "refused {{code}}"],
    ],
  },
  { title: "Channels", unit: "short", queries: [[level("sealcast_channels", "app"), "app {{app}}"]] },
  {
    title: "Subscriptions",
    unit: "ops",
    queries: [[perSecond("sealcast_subscriptions_total", "app"), "app {{app}}"]],
  },
  {
    title: "Events published",
    unit: "ops",
    queries: [
      [perSecond("sealcast_events_published_total", "app"), "app {{app}}"],
      [perSecond("sealcast_client_events_total", "app"), "client events, app {{app}}"],
    ],
  },
  {
    title: "Messages delivered",
    unit: "ops",
    queries: [[perSecond("sealcast_messages_delivered_total", "app"), "app {{app}}"]],
  },
  {
    title: "Time of a publish",
    unit: "s",
    queries: [
      [quantile(0.5), "50 %"],
      [quantile(0.99), "99 %"],
    ],
  },
  {
    title: "Requests by status",
    unit: "ops",
    queries: [[perSecond("sealcast_requests_total", "status"), "{{status}}"]],
  },
  {
    title: "Messages of clients refused",
    unit: "ops",
    queries: [[perSecond("sealcast_messages_refused_total", "error"), "{{error}}"]],
  },
  {
    title: "Events that clients could not decrypt",
    unit: "ops",
    queries: [[perSecond("sealcast_decryption_reports_total", "app"), "app {{app}}"]],
  },
  {
    title: "Webhook deliveries",
    unit: "ops",
    queries: [[perSecond("sealcast_webhook_attempts_total", "outcome"), "{{outcome}}"]],
  },
  {
    title: "Webhook events waiting, dead letters",
    unit: "short",
    queries: [
      [level("sealcast_webhook_events_waiting", "instance"), "waiting {{instance}}"],
      [level("sealcast_webhook_dead_letters", "instance"), "dead letters {{instance}}"],
    ],
  },
  {
    title: "Webhook bytes waiting",
    unit: "bytes",
    queries: [[level("sealcast_webhook_bytes_waiting", "instance"), "{{instance}}"]],
  },
  {
    title: "Memory",
    unit: "bytes",
    queries: [
      [level("process_resident_memory_bytes", "instance"), "{{instance}}"],
      [level("nodejs_heap_size_used_bytes", "instance"), "JavaScript objects {{instance}}"],
      [level("sealcast_buffered_bytes", "instance"), "waiting for clients {{instance}}"],
    ],
  },
  {
    title: "Processor",
    unit: "percentunit",
    queries: [[perSecond("process_cpu_seconds_total", "instance"), "{{instance}}"]],
  },
  {
    title: "Event loop delay, 99th percentile",
    unit: "s",
    queries: [[level("nodejs_eventloop_lag_p99_seconds", "instance"), "{{instance}}"]],
  },
  {
    title: "Mistakes of the server",
    unit: "ops",
    queries: [[perSecond("sealcast_failures_total", "instance"), "{{instance}}"]],
  },
  {
    title: "Ready",
    unit: "short",
    queries: [
      [level("sealcast_ready", "instance"), "{{instance}}"],
      [level("sealcast_engine_ready", "instance"), "engine of {{instance}}"],
    ],
  },
  {
    title: "Time since the start",
    unit: "s",
    queries: [['time() - max by (instance) (process_start_time_seconds{instance=~"$instance"})', "{{instance}}"]],
  },
  {
    title: "Servers by version",
    unit: "short",
    queries: [
      [
        'count by (version, runtime, engine) (sealcast_info{instance=~"$instance"})',
        "{{version}}, {{runtime}}, {{engine}}",
      ],
    ],
  },
];

const datasource = { type: "prometheus", uid: "${datasource}" };
const panelWidth = 12;
const panelHeight = 8;

/** The dashboard as Grafana imports it. */
export function dashboard(): object {
  return {
    title: "Sealcast",
    uid: "sealcast",
    tags: ["sealcast"],
    schemaVersion: 39,
    editable: true,
    refresh: "15s",
    time: { from: "now-3h", to: "now" },
    templating: {
      list: [
        { name: "datasource", type: "datasource", query: "prometheus", label: "Data source" },
        {
          name: "instance",
          type: "query",
          label: "Server",
          datasource,
          query: "label_values(sealcast_ready, instance)",
          refresh: 2,
          multi: true,
          includeAll: true,
          allValue: ".*",
          current: { text: "All", value: "$__all" },
        },
      ],
    },
    panels: panels.map(({ title, unit, queries }, index) => ({
      id: index + 1,
      type: "timeseries",
      title,
      datasource,
      gridPos: {
        x: (index % 2) * panelWidth,
        y: Math.floor(index / 2) * panelHeight,
        w: panelWidth,
        h: panelHeight,
      },
      fieldConfig: { defaults: { unit, min: 0, custom: { fillOpacity: 8, lineWidth: 1 } }, overrides: [] },
      options: { legend: { displayMode: "list", placement: "bottom" }, tooltip: { mode: "multi" } },
      targets: queries.map(([expr, legendFormat], query) => ({
        refId: String.fromCodePoint(65 + query),
        datasource,
        expr,
        legendFormat,
      })),
    })),
  };
}
