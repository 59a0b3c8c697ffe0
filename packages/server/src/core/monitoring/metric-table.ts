/** What a metric is, for Prometheus and for people. */
export interface MetricRow {
  /** A counter only grows, a gauge is a value at the time of reading, a histogram counts durations by length. */
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  /** Each label has few values: never names of channels, events, users or addresses. */
  readonly labels: readonly string[];
}

/** Every metric of the server, in the order of the page in `docs/`. Names and labels are part of the public interface. */
export const metricTable = {
  sealcast_info: {
    type: "gauge",
    help: "Always 1; the labels say which server it is.",
    labels: ["version", "runtime", "engine", "node"],
  },
  sealcast_ready: {
    type: "gauge",
    help: "1 while the server takes new connections, otherwise 0, as GET /health/ready says.",
    labels: [],
  },
  sealcast_connections: { type: "gauge", help: "Open connections.", labels: ["app"] },
  sealcast_channels: { type: "gauge", help: "Channels with subscribers on this node.", labels: ["app"] },
  sealcast_buffered_bytes: {
    type: "gauge",
    help: "Bytes that wait to be sent to all connections together; see maxBufferedBytes.",
    labels: [],
  },
  sealcast_connections_opened_total: { type: "counter", help: "Connections that were accepted.", labels: ["app"] },
  sealcast_connections_closed_total: {
    type: "counter",
    help: 'Connections that ended. code: the close code of the server; "client": the client or the network ended it.',
    labels: ["app", "code"],
  },
  sealcast_connections_refused_total: {
    type: "counter",
    help: "Connections that were refused, by close code. app is empty if no app has the key.",
    labels: ["app", "code"],
  },
  sealcast_subscriptions_total: { type: "counter", help: "Subscriptions that succeeded.", labels: ["app"] },
  sealcast_events_published_total: {
    type: "counter",
    help: "Events that the HTTP API accepted; an event to several channels counts once.",
    labels: ["app"],
  },
  sealcast_client_events_total: { type: "counter", help: "Client events that were relayed.", labels: ["app"] },
  sealcast_messages_delivered_total: {
    type: "counter",
    help: "Messages that were queued for subscribers of this node: an event to 100 subscribers counts 100 times.",
    labels: ["app"],
  },
  sealcast_messages_refused_total: {
    type: "counter",
    help: "Messages of clients that were answered with an error, by the id of the error.",
    labels: ["app", "error"],
  },
  sealcast_decryption_reports_total: {
    type: "counter",
    help: "Reports of clients about events that they could not decrypt.",
    labels: ["app"],
  },
  sealcast_requests_total: {
    type: "counter",
    help: "Requests to the HTTP API and the other paths, by route and status.",
    labels: ["route", "status"],
  },
  sealcast_request_duration_seconds: {
    type: "histogram",
    help: "Time from a complete request to its answer, in seconds. For publishes: until the event is in the queues of all subscribers of this node.",
    labels: ["route"],
  },
  sealcast_webhook_attempts_total: {
    type: "counter",
    help: "Attempts to deliver webhooks. outcome: delivered, retry (failed, tried again later) or dead (given up).",
    labels: ["app", "outcome"],
  },
  sealcast_webhook_events_waiting: { type: "gauge", help: "Events of webhooks that wait to be delivered.", labels: [] },
  sealcast_webhook_bytes_waiting: { type: "gauge", help: "Bytes of these events.", labels: [] },
  sealcast_webhook_dead_letters: {
    type: "gauge",
    help: "Deliveries of webhooks that were given up and are kept.",
    labels: [],
  },
  sealcast_failures_total: {
    type: "counter",
    help: "Mistakes of the server itself; the log has the place. Please report them.",
    labels: [],
  },
  sealcast_engine_ready: {
    type: "gauge",
    help: "1 while what the processes of a cluster share can be reached, otherwise 0.",
    labels: [],
  },
  process_resident_memory_bytes: { type: "gauge", help: "Resident memory of the process.", labels: [] },
  process_cpu_seconds_total: { type: "counter", help: "Processor time of the process, in seconds.", labels: [] },
  process_start_time_seconds: { type: "gauge", help: "When the process started, in seconds since 1970.", labels: [] },
  nodejs_heap_size_used_bytes: { type: "gauge", help: "Memory that JavaScript objects take.", labels: [] },
  nodejs_eventloop_lag_p99_seconds: {
    type: "gauge",
    help: "99th percentile of the delay of the event loop since the last reading, in seconds.",
    labels: [],
  },
} as const satisfies Readonly<Record<string, MetricRow>>;

/** The name of a metric. */
export type MetricName = keyof typeof metricTable;
