import { parseSocketId, type AppId } from "@sealcast/protocol";
import { inBackground } from "../core/awaitable.ts";
import type { AppStore } from "../ports/app-store.ts";
import type { Clock } from "../ports/clock.ts";
import type { ConnectionDirectory } from "../ports/connection-directory.ts";
import type { Engine } from "../ports/engine.ts";
import type { Observer } from "../ports/observer.ts";
import type { PageFiles } from "../ports/page-files.ts";
import type { PasswordHasher } from "../ports/password-hasher.ts";
import type { ProcessFigures } from "../ports/process-figures.ts";
import type { OpenRoute } from "../http-api/routes.ts";
import type { Metrics } from "../metrics/create-metrics.ts";
import type { ActivityLog } from "./activity-log.ts";
import type { NodeFigures } from "./contract.ts";
import { consoleJson } from "./console-reply.ts";
import { showApp } from "./endpoints/app-detail.ts";
import { createListApps, ofApp, summaryOf, type AppEndpointOfConsole } from "./endpoints/apps.ts";
import { listChannelsOf, showChannelOf } from "./endpoints/channels.ts";
import { closeConnectionOf, listConnectionsOf, localConnections } from "./endpoints/connections.ts";
import type { OpenEndpoint } from "../http-api/endpoint.ts";
import type { EventSender } from "../http-api/event-sender.ts";
import { sendEventOf } from "./endpoints/events.ts";
import { createPageEndpoint } from "./endpoints/page.ts";
import { createLogin, createLogout, createShowSession } from "./endpoints/session.ts";
import { streamOf } from "./endpoints/stream.ts";
import { changeDeadLetters, listWebhooksOf, type DeadLetterAction, type FindDispatcher } from "./endpoints/webhooks.ts";
import { NodeReports } from "./node-reports.ts";
import { NodeSampler } from "./node-sampler.ts";
import { OperatorAccess } from "./operator-access.ts";
import type { OperatorAccount } from "../core/operator-account.ts";
import { queryField } from "./query-field.ts";

/** What the console needs from outside the server. */
export interface ConsolePorts {
  /** Name of this node. */
  readonly node: string;
  /** Version of the server, and the kind of its engine. */
  readonly server: { readonly version: string; readonly engine: string };
  /** Nobody: the console is open to everybody on this machine, and to nobody else. */
  readonly accounts: readonly OperatorAccount[];
  /** Where apps are defined, for people, such as "the configuration file". */
  readonly appSource: string;
  readonly page: PageFiles;
  readonly hasher: PasswordHasher;
  readonly figures: ProcessFigures;
  /** Makes an unguessable text. */
  readonly randomText: () => string;
}

/** What the console sees of the server that it belongs to. */
export interface ConsoleHost {
  readonly runtime: string;
  readonly apps: AppStore;
  readonly engine: Engine;
  readonly connections: ConnectionDirectory;
  readonly clock: Clock;
  readonly observer: Observer;
  readonly bufferedBytes: () => number;
  readonly metrics: Metrics;
  readonly webhookDispatcher: FindDispatcher;
  readonly sendEvent: EventSender;
}

/** The console of a server. */
export interface Console {
  readonly routes: readonly OpenRoute[];
  /** Called with a message about an app from the console of a node. */
  messageReceived(app: AppId, text: string): void;
  /** Begins to keep figures; returns a function that ends everything. */
  start(): () => void;
}

/** Creates the console's page and API. `log` must observe the server. */
export function createConsole(ports: ConsolePorts, log: ActivityLog, host: ConsoleHost): Console {
  const { apps, engine, connections, clock, observer } = host;
  const { counts, use } = host.metrics;
  const { node } = ports;
  const access = new OperatorAccess(ports.accounts, ports.hasher, clock, ports.randomText);
  const page = createPageEndpoint(ports.page);
  const server = { ...ports.server, runtime: host.runtime };
  const of = (endpoint: AppEndpointOfConsole): OpenEndpoint => access.guard(ofApp((id) => apps.byId(id), endpoint));
  const acted = (operator: OperatorAccount, action: string, app: string, subject: string): void => {
    if (observer.wants("operator-acted")) {
      observer.observe({ kind: "operator-acted", operator: operator.name, action, app, subject });
    }
  };

  const sampler = new NodeSampler(clock, use, (counting) => {
    const { count: requests, sum: requestSeconds } = counts.durations("sealcast_request_duration_seconds");
    return {
      node,
      timeMs: clock.now(),
      connections: connections.size,
      counting,
      published: counts.total("sealcast_events_published_total"),
      delivered: counts.total("sealcast_messages_delivered_total"),
      requests,
      requestSeconds,
      bufferedBytes: host.bufferedBytes(),
      memoryBytes: ports.figures.memoryBytes(),
      loopDelayMs: counting ? ports.figures.read().loopDelayMs : 0,
    };
  });
  const figures = (): NodeFigures => sampler.current(clock.now());
  const reports = new NodeReports({
    node,
    clock,
    log,
    figures,
    connections: (app) => localConnections(app, "", connections, node),
    closeConnection(app, subject) {
      const socketId = parseSocketId(subject);
      if (socketId.ok) connections.close(app, socketId.value);
    },
    send(app, text) {
      // Other nodes do not get what is sent while the engine is unavailable.
      inBackground(engine.send({ kind: "console", app, text }), () => undefined);
    },
  });

  const api = "/console/api";
  const app = `${api}/apps/*`;
  const changesDeadLetters = (action: DeadLetterAction): OpenRoute => ({
    access: "console",
    method: "POST",
    path: `${app}/webhooks/${action}`,
    endpoint: of((call) => {
      acted(call.operator, `${action}-webhooks`, call.app.id, "dead letters");
      return changeDeadLetters(call.app, call.request, host.webhookDispatcher, action);
    }),
  });
  const routes: readonly OpenRoute[] = [
    { access: "open", method: "GET", path: "/console", endpoint: page },
    { access: "open", method: "GET", path: "/console/", endpoint: page },
    { access: "open", method: "GET", path: "/console/assets/*", endpoint: page },
    { access: "open", method: "GET", path: `${api}/session`, endpoint: createShowSession(access, server) },
    { access: "open", method: "POST", path: `${api}/login`, endpoint: createLogin(access) },
    { access: "open", method: "POST", path: `${api}/logout`, endpoint: createLogout(access) },
    {
      access: "console",
      method: "GET",
      path: `${api}/apps`,
      endpoint: access.guard(createListApps(() => apps.all(), connections)),
    },
    {
      access: "console",
      method: "GET",
      path: `${api}/history`,
      endpoint: access.guard(() => consoleJson(sampler.history())),
    },
    {
      access: "console",
      method: "GET",
      path: app,
      endpoint: of((call) => showApp(call.app, summaryOf(call.app, connections), ports.appSource)),
    },
    {
      access: "console",
      method: "GET",
      path: `${app}/webhooks`,
      endpoint: of((call) => listWebhooksOf(call.app, host.webhookDispatcher)),
    },
    changesDeadLetters("replay"),
    changesDeadLetters("clear"),
    {
      access: "console",
      method: "GET",
      path: `${app}/stream`,
      endpoint: of((call) => streamOf(call.app, queryField(call.request, "types"), log, clock, figures, reports)),
    },
    {
      access: "console",
      method: "GET",
      path: `${app}/channels`,
      endpoint: of((call) => listChannelsOf(call.app, queryField(call.request, "prefix"), engine)),
    },
    {
      access: "console",
      method: "GET",
      path: `${app}/channels/*`,
      endpoint: of((call) => showChannelOf(call.app, call.subject, engine)),
    },
    {
      access: "console",
      method: "GET",
      path: `${app}/connections`,
      endpoint: of((call) =>
        listConnectionsOf(call.app, queryField(call.request, "filter"), connections, node, reports),
      ),
    },
    {
      access: "console",
      method: "DELETE",
      path: `${app}/connections/*`,
      endpoint: of((call) => {
        acted(call.operator, "close-connection", call.app.id, call.subject);
        return closeConnectionOf(call.app, call.subject, connections, reports);
      }),
    },
    {
      access: "console",
      method: "POST",
      path: `${app}/events`,
      endpoint: of((call) =>
        sendEventOf(call.app, call.request, host.sendEvent, (channel) =>
          acted(call.operator, "send-event", call.app.id, channel),
        ),
      ),
    },
  ];
  return {
    routes,
    messageReceived: (id, text) => reports.messageReceived(id, text),
    start() {
      const stopSampling = sampler.start();
      return () => {
        stopSampling();
        reports.close();
      };
    },
  };
}
