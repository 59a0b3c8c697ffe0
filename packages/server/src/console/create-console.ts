import { parseSocketId, type AppId } from "@sealcast/protocol";
import { inBackground } from "../core/awaitable.ts";
import type { OpenRoute } from "../http-api/routes.ts";
import type { Clock } from "../ports/clock.ts";
import type { ActivityLog } from "./activity-log.ts";
import { appRoutesOf } from "./app-routes.ts";
import type { ConsoleHost, ConsolePorts } from "./console-host.ts";
import { consoleJson } from "./console-reply.ts";
import type { NodeFigures } from "./contract.ts";
import { createListApps } from "./endpoints/apps.ts";
import { localConnections } from "./endpoints/connections.ts";
import { createPageEndpoint } from "./endpoints/page.ts";
import { createLogin, createLogout, createShowSession } from "./endpoints/session.ts";
import { createSignedOn, createSignOn, type SignOnAccess } from "./endpoints/single-sign-on.ts";
import { NodeReports } from "./node-reports.ts";
import { NodeSampler } from "./node-sampler.ts";
import { OperatorAccess } from "./operator-access.ts";
import { OperatorAudit } from "./operator-audit.ts";
import { queryField } from "./query-field.ts";

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
  const { apps, connections, clock } = host;
  const { accounts, appSource, hasher, node, randomText, singleSignOn } = ports;
  const isOpen = accounts.length === 0 && singleSignOn === undefined;
  const access = new OperatorAccess({ accounts, isOpen, hasher, clock, randomText });
  const audit = new OperatorAudit(host.observer);
  const page = createPageEndpoint(ports.page);
  const appsAreEditable = host.editable !== undefined;
  const server = { ...ports.server, runtime: host.runtime, appSource, appsAreEditable };
  const signIn = { password: accounts.length > 0, singleSignOn: singleSignOn !== undefined };

  const sampler = createSampler(ports, host);
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
      inBackground(host.engine.send({ kind: "console", app, text }), () => undefined);
    },
  });

  const api = "/console/api";
  const routes: readonly OpenRoute[] = [
    { access: "open", method: "GET", path: "/console", endpoint: page },
    { access: "open", method: "GET", path: "/console/", endpoint: page },
    { access: "open", method: "GET", path: "/console/assets/*", endpoint: page },
    { access: "open", method: "GET", path: `${api}/session`, endpoint: createShowSession(access, { server, signIn }) },
    { access: "open", method: "POST", path: `${api}/login`, endpoint: createLogin(access, audit) },
    { access: "open", method: "POST", path: `${api}/logout`, endpoint: createLogout(access) },
    ...(singleSignOn === undefined ? [] : signOnRoutes(singleSignOn, clock, access, audit)),
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
      endpoint: access.guard(({ request }) =>
        consoleJson(sampler.history(Number(queryField(request, "minutes")) || undefined)),
      ),
    },
    ...appRoutesOf({ api, access, audit, host, log, node, figures, reports }),
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

function signOnRoutes(
  signOn: SignOnAccess,
  clock: Clock,
  access: OperatorAccess,
  audit: OperatorAudit,
): readonly OpenRoute[] {
  const signedOn = createSignedOn(signOn, clock, access, audit);
  return [
    { access: "open", method: "GET", path: "/console/sign-on", endpoint: createSignOn(signOn, clock) },
    { access: "open", method: "GET", path: "/console/signed-on", endpoint: signedOn },
  ];
}

function createSampler(
  { node, figures }: ConsolePorts,
  { bufferedBytes, clock, connections, metrics }: ConsoleHost,
): NodeSampler {
  const { counts, use } = metrics;
  return new NodeSampler(clock, use, (counting) => {
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
      bufferedBytes: bufferedBytes(),
      memoryBytes: figures.memoryBytes(),
      loopDelayMs: counting ? figures.read().loopDelayMs : 0,
    };
  });
}
