import type { AppId } from "@sealcast/protocol";
import { z } from "zod";
import { percentDecode } from "../core/urls/percent-decode.ts";
import { parseQuery } from "../core/urls/query.ts";
import { RateWindow } from "../core/connections/rate.ts";
import { createBearerCheck } from "../http-api/bearer-token.ts";
import type { OpenCall, OpenEndpoint } from "../http-api/endpoint.ts";
import { json, refusal } from "../http-api/reply.ts";
import type { OpenRoute } from "../http-api/routes.ts";
import type { Signer } from "../ports/signer.ts";
import type { HttpReply, HttpRequest } from "../ports/transport.ts";
import type { AdminPorts, AdminRoute } from "./admin-route.ts";
import { appRoutes } from "./app-routes.ts";
import { channelRoutes } from "./channel-routes.ts";
import { connectionRoutes } from "./connection-routes.ts";
import { keyRoutes } from "./key-routes.ts";
import { openApiDocument } from "./open-api.ts";
import { usageRoutes } from "./usage-routes.ts";
import { webhookRoutes } from "./webhook-routes.ts";

/** Requests with the token in one second. Our choice: plenty for people and scripts, too few to slow the server down. */
const requestsPerSecond = 50;

/** Every endpoint of the admin API. */
export const adminRoutes: readonly AdminRoute[] = [
  ...appRoutes,
  ...keyRoutes,
  ...channelRoutes,
  ...connectionRoutes,
  ...usageRoutes,
  ...webhookRoutes,
  {
    method: "GET",
    path: "/admin/openapi.json",
    summary: "Describes the admin API as an OpenAPI document",
    query: {},
    answer: z.looseObject({ openapi: z.string() }),
    run: async () => ({ value: openApiDocument(adminRoutes) }),
  },
];

/**
 * Creates the routes of the admin API.
 *
 * @param token that each request must carry as `Authorization: Bearer …`.
 */
export function createAdminApi(token: string, signer: Signer, ports: AdminPorts): readonly OpenRoute[] {
  const { clock } = ports;
  const rate = new RateWindow(requestsPerSecond);
  const isAllowed = createBearerCheck(token, signer);

  function problemOf(request: HttpRequest): HttpReply | undefined {
    if (!isAllowed(request)) return unauthorized;
    if (rate.take(clock.monotonicNow())) return undefined;
    return refusal({ id: "rateLimited", message: `At most ${requestsPerSecond} requests per second are allowed` });
  }

  function endpointOf(route: AdminRoute): OpenEndpoint {
    return async ({ request, wildcards }: OpenCall) => {
      const problem = problemOf(request);
      if (problem !== undefined) return problem;
      const app = wildcards[0] === undefined ? undefined : ports.apps.byId(percentDecode(wildcards[0]) as AppId);
      if (app === undefined && route.path.includes("{app}")) {
        return refusal({ id: "notFound", message: "No app has this id" });
      }
      const subject = percentDecode(wildcards[1] ?? "");
      const answer = await route.run({ ...ports, app, subject, query: parseQuery(request.query), body: request.body });
      return "refusal" in answer ? answer.refusal : json(answer.value);
    };
  }

  return adminRoutes.map((route) => ({
    access: "open",
    method: route.method,
    path: route.path.replaceAll(/\{\w+\}/g, "*"),
    endpoint: endpointOf(route),
  }));
}

const unauthorized: HttpReply = refusal(
  { id: "adminTokenInvalid", message: "Missing or wrong admin token" },
  { "www-authenticate": "Bearer" },
);
