import type { AdminAnswer, AdminPorts, AdminRoute } from "../../admin-api/admin-route.ts";
import { appRoutes } from "../../admin-api/app-routes.ts";
import { keyRoutes } from "../../admin-api/key-routes.ts";
import { usageRoutes } from "../../admin-api/usage-routes.ts";
import type { App } from "../../core/apps/app.ts";
import type { HttpReply, HttpRequest } from "../../ports/transport.ts";
import { consoleError, consoleJson } from "../console-reply.ts";

/** An operation of the admin API that the console offers, too. */
export interface AppOperation {
  readonly route: AdminRoute;
  /** Below `/console/api`; `*` stands for one segment. */
  readonly path: string;
  /** Its name in the audit; undefined if it changes nothing. */
  readonly action: string | undefined;
}

const actions: ReadonlyMap<string, string> = new Map([
  ["POST /admin/apps", "create-app"],
  ["PATCH /admin/apps/{app}", "change-app"],
  ["DELETE /admin/apps/{app}", "delete-app"],
  ["POST /admin/apps/{app}/keys", "add-key"],
  ["DELETE /admin/apps/{app}/keys/{key}", "retire-key"],
]);

/** What operators can do with apps: change apps and their keys, and read their usage. */
export const appOperations: readonly AppOperation[] = [
  ...[...appRoutes, ...keyRoutes].filter(({ method }) => method !== "GET"),
  ...usageRoutes,
].map((route) => ({
  route,
  path: route.path.replace("/admin", "").replaceAll(/\{\w+\}/g, "*"),
  action: actions.get(`${route.method} ${route.path}`),
}));

/**
 * Runs an operation for an operator, who may do it.
 *
 * @param app undefined for operations that concern no app yet.
 * @param subject the rest of the path: a key, or "".
 */
export async function runOperation(
  { route }: AppOperation,
  ports: AdminPorts,
  request: HttpRequest,
  app: App | undefined,
  subject: string,
): Promise<HttpReply> {
  return replyOf(await route.run({ ...ports, app, subject, query: [], body: request.body }));
}

function replyOf(answer: AdminAnswer): HttpReply {
  if (!("refusal" in answer)) return consoleJson(answer.value);
  return consoleError(answer.refusal.status, String(answer.refusal.body).trim());
}
