import type { AppEndpoint, OpenEndpoint } from "./endpoint.ts";
import { channelStats } from "./endpoints/channel-stats.ts";
import { createReadiness, showLiveness } from "./endpoints/health.ts";
import { listChannels } from "./endpoints/list-channels.ts";
import { listEvents } from "./endpoints/list-events.ts";
import { listUsers } from "./endpoints/list-users.ts";
import { publishBatch } from "./endpoints/publish-batch.ts";
import { publishEvent } from "./endpoints/publish-event.ts";
import { publishToChannel } from "./endpoints/publish-to-channel.ts";
import { showChannel } from "./endpoints/show-channel.ts";
import { terminateUser } from "./endpoints/terminate-user.ts";

interface RouteShape {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** `*` stands for one segment, and `**` at the end for one or more. */
  readonly path: string;
}

/** An endpoint for the backends of an app: the first `*` of its path is the app's id, and requests are signed. */
export interface AppRoute extends RouteShape {
  readonly access: "app";
  readonly endpoint: AppEndpoint;
  /** Whether it adds undelivered data, so that it is refused while the process is over its memory limit. */
  readonly publishes?: true;
  /** Whether the transport may read its requests on a fast path. */
  readonly fast?: true;
}

/**
 * An endpoint for everybody ("open"), for programs of the people who run the server ("operator"), or for operators who are
 * signed in to the console ("console"): its endpoint checks that itself, see `OperatorAccess.guard`.
 */
export interface OpenRoute extends RouteShape {
  readonly access: "open" | "operator" | "console";
  readonly endpoint: OpenEndpoint;
}

export type Route = AppRoute | OpenRoute;

/** Every endpoint of the HTTP API of an app. */
export const appRoutes: readonly AppRoute[] = [
  { access: "app", method: "POST", path: "/apps/*/events", endpoint: publishEvent, publishes: true, fast: true },
  { access: "app", method: "POST", path: "/apps/*/batch_events", endpoint: publishBatch, publishes: true, fast: true },
  { access: "app", method: "GET", path: "/apps/*/channels", endpoint: listChannels },
  { access: "app", method: "GET", path: "/apps/*/channels/*", endpoint: showChannel },
  { access: "app", method: "GET", path: "/apps/*/channels/*/users", endpoint: listUsers },
  { access: "app", method: "GET", path: "/apps/*/channels/*/events", endpoint: listEvents },
  { access: "app", method: "GET", path: "/apps/*/channels/*/stats", endpoint: channelStats },
  { access: "app", method: "POST", path: "/apps/*/channels/*/events", endpoint: publishToChannel, publishes: true },
  { access: "app", method: "POST", path: "/apps/*/users/*/terminate_connections", endpoint: terminateUser },
];

/** The endpoints that load balancers and orchestrators ask. */
export function healthRoutes(isReady: () => boolean): readonly OpenRoute[] {
  return [
    { access: "open", method: "GET", path: "/health/live", endpoint: showLiveness },
    { access: "open", method: "GET", path: "/up", endpoint: showLiveness },
    { access: "open", method: "GET", path: "/health/ready", endpoint: createReadiness(isReady) },
  ];
}
