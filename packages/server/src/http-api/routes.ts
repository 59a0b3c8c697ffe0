import { channelStats, listChannels, listUsers, showChannel, terminateUser } from "./channels.ts";
import type { Endpoint } from "./endpoint.ts";
import { publishBatch, publishEvent, publishToChannel } from "./publish.ts";

/** One endpoint: method, and the path behind `/apps/{id}`, where `*` stands for a channel name or user id. */
export interface Route {
  readonly method: "GET" | "POST";
  readonly path: readonly string[];
  readonly endpoint: Endpoint;
  /** Whether it adds undelivered data, so that it is refused while the process is over its memory limit. */
  readonly publishes: boolean;
}

/** Every endpoint of the HTTP API. */
const routes: readonly Route[] = [
  { method: "POST", path: ["events"], endpoint: publishEvent, publishes: true },
  { method: "POST", path: ["batch_events"], endpoint: publishBatch, publishes: true },
  { method: "GET", path: ["channels"], endpoint: listChannels, publishes: false },
  { method: "GET", path: ["channels", "*"], endpoint: showChannel, publishes: false },
  { method: "GET", path: ["channels", "*", "users"], endpoint: listUsers, publishes: false },
  { method: "POST", path: ["users", "*", "terminate_connections"], endpoint: terminateUser, publishes: false },
  { method: "POST", path: ["channels", "*", "events"], endpoint: publishToChannel, publishes: true },
  { method: "GET", path: ["channels", "*", "stats"], endpoint: channelStats, publishes: false },
];

/** The routes whose path fits, whatever their method, and what stands for `*`. */
export function routesOf(segments: readonly string[]): { matches: readonly Route[]; subject: string } {
  const matches = routes.filter(
    ({ path }) =>
      path.length === segments.length && path.every((part, index) => part === "*" || part === segments[index]),
  );
  const at = matches[0]?.path.indexOf("*") ?? -1;
  return { matches, subject: at === -1 ? "" : (segments[at] ?? "") };
}
