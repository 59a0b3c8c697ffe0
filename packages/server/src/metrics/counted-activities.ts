import type { Activity, ActivityKind } from "../core/monitoring/activity.ts";
import type { CountedName, MetricCounts } from "./metric-counts.ts";

/** Adds what an activity means to the counts. */
type Counting<A extends Activity> = (activity: A, counts: MetricCounts) => void;
type CountedActivities = { readonly [K in ActivityKind]?: Counting<Extract<Activity, { readonly kind: K }>> };

const failure: Counting<Activity> = (_, counts) => counts.add("sealcast_failures_total", []);

/** Every activity that is counted, and what it adds. */
export const countedActivities: CountedActivities = {
  "connection-opened": ({ app }, counts) => counts.add("sealcast_connections_opened_total", [app]),
  "connection-closed": ({ app, code }, counts) =>
    counts.add("sealcast_connections_closed_total", [app, code === undefined ? "client" : String(code)]),
  "connection-refused": ({ app = "", code }, counts) =>
    counts.add("sealcast_connections_refused_total", [app, String(code)]),
  subscribed: perApp("sealcast_subscriptions_total"),
  published: perApp("sealcast_events_published_total"),
  "client-event": perApp("sealcast_client_events_total"),
  delivered: ({ app, connections }, counts) => counts.add("sealcast_messages_delivered_total", [app], connections),
  "message-refused": ({ app, error }, counts) => counts.add("sealcast_messages_refused_total", [app, error]),
  "decryption-failed": perApp("sealcast_decryption_reports_total"),
  "request-answered": ({ route = "", status, durationMs }, counts) => {
    counts.add("sealcast_requests_total", [route, String(status)]);
    counts.observe("sealcast_request_duration_seconds", [route], durationMs / 1_000);
  },
  "webhook-attempted": ({ app, outcome }, counts) => counts.add("sealcast_webhook_attempts_total", [app, outcome]),
  "connection-failed": failure,
  "request-failed": failure,
  "announcement-failed": failure,
};

function perApp(name: CountedName): Counting<Activity & { readonly app: string }> {
  return ({ app }, counts) => counts.add(name, [app]);
}
