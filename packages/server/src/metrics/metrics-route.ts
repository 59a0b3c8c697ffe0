import { createBearerCheck } from "../http-api/bearer-token.ts";
import { isLocal } from "../http-api/is-local.ts";
import { refusal } from "../http-api/reply.ts";
import type { OpenRoute } from "../http-api/routes.ts";
import type { Signer } from "../ports/signer.ts";
import type { HttpReply, HttpRequest } from "../ports/transport.ts";
import { exposition, expositionType, type MetricReadings } from "./exposition.ts";
import type { RecentUse } from "./recent-use.ts";

/**
 * Who may read the metrics: everybody who reaches the address, only requests with a token, or only this machine.
 */
export type MetricsAccess = "everybody" | "loopback" | { readonly token: string };

/** Creates `GET /metrics`. */
export function createMetricsRoute(
  access: MetricsAccess,
  signer: Signer,
  use: RecentUse,
  read: () => Promise<MetricReadings>,
): OpenRoute {
  const refuse = createRefusal(access, signer);
  const endpoint = async ({ request }: { readonly request: HttpRequest }): Promise<HttpReply> => {
    const refused = refuse(request);
    if (refused !== undefined) return refused;
    use.note();
    const body = exposition(await read());
    return { status: 200, headers: { "content-type": expositionType, "cache-control": "no-store" }, body };
  };
  return { access: "open", method: "GET", path: "/metrics", endpoint };
}

function createRefusal(access: MetricsAccess, signer: Signer): (request: HttpRequest) => HttpReply | undefined {
  if (access === "everybody") return () => undefined;
  if (access === "loopback") return (request) => (isLocal(request) ? undefined : forbidden);
  const isAllowed = createBearerCheck(access.token, signer);
  return (request) => (isAllowed(request) ? undefined : unauthorized);
}

const unauthorized: HttpReply = refusal(
  { id: "metricsTokenInvalid", message: "Missing or wrong token of the metrics" },
  { "www-authenticate": "Bearer" },
);
const forbidden: HttpReply = refusal({
  id: "metricsTokenInvalid",
  message: "Metrics of the example app are for this machine only",
});
