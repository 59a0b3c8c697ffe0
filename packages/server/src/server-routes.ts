import { createAdminApi } from "./admin-api/create-admin-api.ts";
import type { ActivityLog } from "./console/activity-log.ts";
import { createConsole, type Console } from "./console/create-console.ts";
import type { Turns } from "./core/turns.ts";
import { createFrontPage } from "./http-api/endpoints/front-page.ts";
import { createEventSender } from "./http-api/event-sender.ts";
import { appRoutes, healthRoutes, type Route } from "./http-api/routes.ts";
import { routeOfMetrics, type Metrics } from "./metrics/create-metrics.ts";
import type { ConnectionDirectory } from "./ports/connection-directory.ts";
import type { Observer } from "./ports/observer.ts";
import type { WebhookDispatcher } from "./ports/webhook-dispatcher.ts";
import { version } from "./product.ts";
import type { ServerPorts } from "./server-ports.ts";
import type { Hub } from "./session/hub.ts";

/** The parts of a server that its routes show. */
export interface RouteParts {
  readonly observer: Observer;
  readonly turns: Turns;
  readonly metrics: Metrics;
  /** Undefined: there is no console. */
  readonly activityLog: ActivityLog | undefined;
  readonly hub: Hub;
  readonly connections: ConnectionDirectory;
  readonly isReady: () => boolean;
  readonly isEngineReady: () => boolean;
}

/** Everything that a server answers by HTTP. */
export interface ServerRoutes {
  readonly main: readonly Route[];
  /** The routes of the address for metrics, if they have one of their own. */
  readonly metrics: readonly Route[];
  /** Its routes are among `main`. */
  readonly console: Console | undefined;
}

/** Creates the routes of a server: those of every server, and those that its ports ask for. */
export function createServerRoutes(ports: ServerPorts, parts: RouteParts): ServerRoutes {
  const console = consoleOf(ports, parts);
  const health = healthRoutes(parts.isReady);
  const metrics = metricsRoutes(ports, parts);
  const frontPage = createFrontPage({ version, hasConsole: console !== undefined });
  return {
    main: [
      { access: "open", method: "GET", path: "/", endpoint: frontPage },
      ...appRoutes,
      ...health,
      ...(ports.metrics?.address === undefined ? metrics : []),
      ...(console?.routes ?? []),
      ...adminRoutes(ports, parts),
      ...(ports.routes ?? []),
    ],
    metrics: [...health, ...metrics],
    console,
  };
}

function consoleOf(ports: ServerPorts, parts: RouteParts): Console | undefined {
  const { apps, clock, editableApps, engine, random, transport, usage } = ports;
  const { activityLog, connections, metrics, observer, turns } = parts;
  if (ports.console === undefined || activityLog === undefined) return undefined;
  return createConsole(ports.console, activityLog, {
    apps,
    editable: editableApps,
    usage,
    engine,
    clock,
    random,
    observer,
    connections,
    runtime: transport.runtime,
    bufferedBytes: () => transport.bufferedBytes(),
    metrics,
    webhookDispatcher: () => dispatcherOf(ports),
    sendEvent: createEventSender(engine, observer, turns),
  });
}

function adminRoutes(ports: ServerPorts, { connections }: RouteParts): readonly Route[] {
  const { adminToken, apps, clock, editableApps, engine, random, signer, usage } = ports;
  if (adminToken === undefined) return [];
  const dispatcher = (): Promise<WebhookDispatcher | undefined> => dispatcherOf(ports);
  return createAdminApi(adminToken, signer, {
    apps,
    editable: editableApps,
    engine,
    connections,
    random,
    clock,
    dispatcher,
    usage,
  });
}

function metricsRoutes(ports: ServerPorts, { hub, metrics, isReady, isEngineReady }: RouteParts): readonly Route[] {
  const { apps, signer, transport } = ports;
  if (ports.metrics === undefined) return [];
  const route = routeOfMetrics(metrics, ports.metrics, signer, {
    runtime: transport.runtime,
    apps: () => apps.all(),
    connectionsOf: (app) => hub.connectionsOf(app),
    channelsOf: (app) => hub.channelsOf(app),
    bufferedBytes: () => transport.bufferedBytes(),
    isReady,
    isEngineReady,
    webhookBacklog: async () => (await dispatcherOf(ports))?.backlog(),
  });
  return [route];
}

/** What sends webhooks; undefined while no app has one. */
async function dispatcherOf({ webhooks }: ServerPorts): Promise<WebhookDispatcher | undefined> {
  return webhooks?.dispatcher();
}
