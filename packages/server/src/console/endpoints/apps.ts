import type { AppId } from "@sealcast/protocol";
import type { App } from "../../core/apps/app.ts";
import type { ConnectionDirectory } from "../../ports/connection-directory.ts";
import type { HttpReply } from "../../ports/transport.ts";
import type { Awaitable } from "../../core/awaitable.ts";
import type { AppSummary } from "../contract.ts";
import { consoleError, consoleJson } from "../console-reply.ts";
import { maySee } from "../../core/operators/operator-account.ts";
import type { OperatorEndpoint } from "../operator-access.ts";
import { percentDecode } from "../../core/urls/percent-decode.ts";

/** Creates `GET /console/api/apps`. */
export function createListApps(apps: () => readonly App[], connections: ConnectionDirectory): OperatorEndpoint {
  return ({ operator }) => {
    const rows = apps()
      .filter(({ id }) => maySee(operator, id))
      .map((app) => summaryOf(app, connections));
    return consoleJson(rows);
  };
}

/** What the list of apps says of one. */
export function summaryOf(app: App, connections: ConnectionDirectory): AppSummary {
  const { id, credentials, enabled, maxEventBytes, clientEvents } = app;
  const [{ key }] = credentials;
  return { id, key, enabled, connections: connections.countOf(id), maxEventBytes, clientEvents };
}

/** An endpoint about one app. `subject` is the rest of the path: a channel or a socket id, or "". */
export type AppEndpointOfConsole = (
  call: Parameters<OperatorEndpoint>[0] & { readonly app: App; readonly subject: string },
) => Awaitable<HttpReply>;

/** Makes an endpoint of one app: the first wildcard is the id of an app that the operator may see. */
export function ofApp(byId: (id: AppId) => App | undefined, endpoint: AppEndpointOfConsole): OperatorEndpoint {
  return (call) => {
    const [id = "", subject = ""] = call.wildcards.map(percentDecode);
    const app = maySee(call.operator, id) ? byId(id as AppId) : undefined;
    return app === undefined ? consoleError(404, "There is no such app") : endpoint({ ...call, app, subject });
  };
}
