import type { AdminPorts } from "../admin-api/admin-route.ts";
import type { OpenEndpoint } from "../http-api/endpoint.ts";
import type { OpenRoute } from "../http-api/routes.ts";
import type { ActivityLog } from "./activity-log.ts";
import { audited, type AuditedChange } from "./audited.ts";
import type { ConsoleHost } from "./console-host.ts";
import { consoleError } from "./console-reply.ts";
import type { NodeFigures } from "./contract.ts";
import { appOperations, runOperation, type AppOperation } from "./endpoints/app-changes.ts";
import { showApp } from "./endpoints/app-detail.ts";
import { ofApp, summaryOf, type AppEndpointOfConsole } from "./endpoints/apps.ts";
import { listChannelsOf, showChannelOf } from "./endpoints/channels.ts";
import { closeConnectionOf, listConnectionsOf } from "./endpoints/connections.ts";
import { channelToSendTo, sendEventOf } from "./endpoints/events.ts";
import { streamOf } from "./endpoints/stream.ts";
import { changeDeadLetters, deadLettersToChange, listWebhooksOf, type DeadLetterAction } from "./endpoints/webhooks.ts";
import type { NodeReports } from "./node-reports.ts";
import type { OperatorAccess, OperatorEndpoint } from "./operator-access.ts";
import type { OperatorAudit } from "./operator-audit.ts";
import { queryField } from "./query-field.ts";

/** What the routes of apps work with. */
export interface AppRouteParts {
  /** Path of the console's API. */
  readonly api: string;
  readonly access: OperatorAccess;
  readonly audit: OperatorAudit;
  readonly host: ConsoleHost;
  readonly log: ActivityLog;
  /** Name of this node. */
  readonly node: string;
  readonly figures: () => NodeFigures;
  readonly reports: NodeReports;
}

/** The routes of the console that show or change one app. */
export function appRoutesOf(parts: AppRouteParts): readonly OpenRoute[] {
  const { host, log, node, figures, reports } = parts;
  const { clock, connections, editable, engine, webhookDispatcher } = host;
  const { shows, changes } = routesBelow(parts);
  const changesDeadLetters = (action: DeadLetterAction): OpenRoute =>
    changes(
      "POST",
      `/webhooks/${action}`,
      { action: `${action}-webhooks`, subjectOf: deadLettersToChange },
      ({ app, request }) => changeDeadLetters(app, request, webhookDispatcher, action),
    );
  return [
    shows("", ({ app }) => showApp(app, summaryOf(app, connections), editable)),
    shows("/webhooks", ({ app, operator }) => listWebhooksOf(app, operator, webhookDispatcher)),
    changesDeadLetters("replay"),
    changesDeadLetters("clear"),
    shows("/stream", ({ app, request }) => streamOf(app, queryField(request, "types"), log, clock, figures, reports)),
    shows("/channels", ({ app, request }) => listChannelsOf(app, queryField(request, "prefix"), engine)),
    shows("/channels/*", ({ app, subject }) => showChannelOf(app, subject, engine)),
    shows("/connections", ({ app, request }) =>
      listConnectionsOf(app, queryField(request, "filter"), connections, node, reports),
    ),
    changes("DELETE", "/connections/*", { action: "close-connection" }, ({ app, subject }) =>
      closeConnectionOf(app, subject, connections, reports),
    ),
    changes("POST", "/events", { action: "send-event", subjectOf: channelToSendTo }, ({ app, request }) =>
      sendEventOf(app, request, host.sendEvent),
    ),
    ...appOperations.map((operation) => operationRoute(operation, parts)),
  ];
}

/** Makes routes whose paths are below that of one app: those that show something, and those that change something. */
function routesBelow(parts: AppRouteParts): {
  readonly shows: (path: string, endpoint: AppEndpointOfConsole) => OpenRoute;
  readonly changes: (
    method: OpenRoute["method"],
    path: string,
    change: AuditedChange,
    endpoint: AppEndpointOfConsole,
  ) => OpenRoute;
} {
  const { api, access, host } = parts;
  const guarded = (endpoint: AppEndpointOfConsole): OpenEndpoint =>
    access.guard(ofApp((id) => host.apps.byId(id), endpoint));
  return {
    shows: (path, endpoint) => ({
      access: "console",
      method: "GET",
      path: `${api}/apps/*${path}`,
      endpoint: guarded(endpoint),
    }),
    changes: (method, path, change, endpoint) => ({
      access: "console",
      method,
      path: `${api}/apps/*${path}`,
      endpoint: audited(parts, change, guarded(endpoint)),
    }),
  };
}

function operationRoute(operation: AppOperation, parts: AppRouteParts): OpenRoute {
  return {
    access: "console",
    method: operation.route.method,
    path: parts.api + operation.path,
    endpoint: operationEndpoint(operation, parts),
  };
}

function operationEndpoint(operation: AppOperation, parts: AppRouteParts): OpenEndpoint {
  const { access, host } = parts;
  const ports: AdminPorts = { ...host, dispatcher: host.webhookDispatcher };
  const endpoint = operation.path.includes("*")
    ? ofApp(
        (id) => host.apps.byId(id),
        ({ app, request, subject }) => runOperation(operation, ports, request, app, subject),
      )
    : createsApp(({ request }) => runOperation(operation, ports, request, undefined, ""));
  const guarded = access.guard(endpoint);
  return operation.action === undefined ? guarded : audited(parts, { action: operation.action }, guarded);
}

/** Only for operators who see all apps: others would not see the new one. */
function createsApp(endpoint: OperatorEndpoint): OperatorEndpoint {
  return (call) =>
    call.operator.apps === undefined ? endpoint(call) : consoleError(403, "You may change only the apps that you see");
}
