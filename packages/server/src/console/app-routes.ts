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
  const { api, access, host, log, node, figures, reports } = parts;
  const { apps, clock, connections, editable, engine } = host;
  const path = `${api}/apps/*`;
  const of = (endpoint: AppEndpointOfConsole): OpenEndpoint => access.guard(ofApp((id) => apps.byId(id), endpoint));
  const changing = (change: AuditedChange, endpoint: AppEndpointOfConsole): OpenEndpoint =>
    audited(parts, change, of(endpoint));
  const changesDeadLetters = (action: DeadLetterAction): OpenRoute => ({
    access: "console",
    method: "POST",
    path: `${path}/webhooks/${action}`,
    endpoint: changing({ action: `${action}-webhooks`, subjectOf: deadLettersToChange }, ({ app, request }) =>
      changeDeadLetters(app, request, host.webhookDispatcher, action),
    ),
  });
  return [
    {
      access: "console",
      method: "GET",
      path,
      endpoint: of(({ app }) => showApp(app, summaryOf(app, connections), editable)),
    },
    {
      access: "console",
      method: "GET",
      path: `${path}/webhooks`,
      endpoint: of(({ app, operator }) => listWebhooksOf(app, operator, host.webhookDispatcher)),
    },
    changesDeadLetters("replay"),
    changesDeadLetters("clear"),
    {
      access: "console",
      method: "GET",
      path: `${path}/stream`,
      endpoint: of(({ app, request }) => streamOf(app, queryField(request, "types"), log, clock, figures, reports)),
    },
    {
      access: "console",
      method: "GET",
      path: `${path}/channels`,
      endpoint: of(({ app, request }) => listChannelsOf(app, queryField(request, "prefix"), engine)),
    },
    {
      access: "console",
      method: "GET",
      path: `${path}/channels/*`,
      endpoint: of(({ app, subject }) => showChannelOf(app, subject, engine)),
    },
    {
      access: "console",
      method: "GET",
      path: `${path}/connections`,
      endpoint: of(({ app, request }) =>
        listConnectionsOf(app, queryField(request, "filter"), connections, node, reports),
      ),
    },
    {
      access: "console",
      method: "DELETE",
      path: `${path}/connections/*`,
      endpoint: changing({ action: "close-connection" }, ({ app, subject }) =>
        closeConnectionOf(app, subject, connections, reports),
      ),
    },
    {
      access: "console",
      method: "POST",
      path: `${path}/events`,
      endpoint: changing({ action: "send-event", subjectOf: channelToSendTo }, ({ app, request }) =>
        sendEventOf(app, request, host.sendEvent),
      ),
    },
    ...appOperations.map((operation) => ({
      access: "console" as const,
      method: operation.route.method,
      path: api + operation.path,
      endpoint: operationEndpoint(operation, parts),
    })),
  ];
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
