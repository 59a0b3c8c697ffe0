import type { AdminPorts } from "../admin-api/admin-route.ts";
import type { Awaitable } from "../core/awaitable.ts";
import type { OpenEndpoint } from "../http-api/endpoint.ts";
import type { OpenRoute } from "../http-api/routes.ts";
import type { HttpReply } from "../ports/transport.ts";
import type { ActivityLog } from "./activity-log.ts";
import type { Change } from "./change.ts";
import type { ConsoleHost } from "./console-host.ts";
import { consoleError } from "./console-reply.ts";
import type { NodeFigures } from "./contract.ts";
import { appOperations, runOperation, type AppOperation } from "./endpoints/app-changes.ts";
import { showApp } from "./endpoints/app-detail.ts";
import { ofApp, summaryOf, type AppEndpointOfConsole } from "./endpoints/apps.ts";
import { listChannelsOf, showChannelOf } from "./endpoints/channels.ts";
import { closeConnectionOf, listConnectionsOf } from "./endpoints/connections.ts";
import { sendEventOf } from "./endpoints/events.ts";
import { streamOf } from "./endpoints/stream.ts";
import { changeDeadLetters, listWebhooksOf, type DeadLetterAction } from "./endpoints/webhooks.ts";
import type { NodeReports } from "./node-reports.ts";
import type { OperatorAccess } from "./operator-access.ts";
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
  const { api, access, audit, host, log, node, figures, reports } = parts;
  const { apps, clock, connections, editable, engine } = host;
  const path = `${api}/apps/*`;
  const of = (endpoint: AppEndpointOfConsole): OpenEndpoint => access.guard(ofApp((id) => apps.byId(id), endpoint));
  /** An endpoint that changes something. */
  const changing = (action: string, change: (call: Parameters<AppEndpointOfConsole>[0]) => Change): OpenEndpoint =>
    of((call) => {
      const { subject, reply } = change(call);
      return audit.follow({ operator: call.operator.name, action, app: call.app.id, subject }, reply);
    });
  const changesDeadLetters = (action: DeadLetterAction): OpenRoute => ({
    access: "console",
    method: "POST",
    path: `${path}/webhooks/${action}`,
    endpoint: changing(`${action}-webhooks`, ({ app, request }) =>
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
      endpoint: of(({ app }) => listWebhooksOf(app, host.webhookDispatcher)),
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
      endpoint: changing("close-connection", ({ app, subject }) => ({
        subject,
        reply: closeConnectionOf(app, subject, connections, reports),
      })),
    },
    {
      access: "console",
      method: "POST",
      path: `${path}/events`,
      endpoint: changing("send-event", ({ app, request }) => sendEventOf(app, request, host.sendEvent)),
    },
    ...appOperations.map((operation) => ({
      access: "console" as const,
      method: operation.route.method,
      path: api + operation.path,
      endpoint: operationEndpoint(operation, parts),
    })),
  ];
}

function operationEndpoint(operation: AppOperation, { access, audit, host }: AppRouteParts): OpenEndpoint {
  const { action } = operation;
  const ports: AdminPorts = { ...host, dispatcher: host.webhookDispatcher };
  const audited = (
    operator: string,
    app: string | undefined,
    subject: string,
    reply: Awaitable<HttpReply>,
  ): Awaitable<HttpReply> => (action === undefined ? reply : audit.follow({ operator, action, app, subject }, reply));
  if (operation.path.includes("*")) {
    return access.guard(
      ofApp(
        (id) => host.apps.byId(id),
        ({ app, operator, request, subject }) =>
          audited(operator.name, app.id, subject, runOperation(operation, ports, request, app, subject)),
      ),
    );
  }
  return access.guard(({ operator, request }) => {
    const reply =
      operator.apps === undefined
        ? runOperation(operation, ports, request, undefined, "")
        : consoleError(403, "You may change only the apps that you see");
    return audited(operator.name, undefined, "", reply);
  });
}
