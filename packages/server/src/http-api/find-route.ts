import { quote } from "@sealcast/protocol";
import { keyOfPath } from "../core/connections/open.ts";
import { isSocketPath } from "../core/connections/sockjs-path.ts";
import type { HttpReply, HttpRequest } from "../ports/transport.ts";
import { refusal } from "./reply.ts";
import type { RouteTable } from "./route-table.ts";
import type { Route } from "./routes.ts";

/** The route of a request, or the reply that says why there is none. */
type FoundRoute =
  | { readonly ok: true; readonly route: Route; readonly wildcards: readonly string[] }
  | { readonly ok: false; readonly reply: HttpReply };

/** Finds the route of a request. Fails if no path or no method of a path fits, or if the body is compressed. */
export function findRoute(table: RouteTable, request: HttpRequest): FoundRoute {
  const encoding = request.header("content-encoding");
  if (encoding !== undefined && encoding.toLowerCase() !== "identity") {
    return { ok: false, reply: unsupportedEncoding(encoding) };
  }
  const found = table.find(request.path);
  if (found === undefined) return { ok: false, reply: notFound(request) };
  const route = routeOf(found.routes, request.method);
  if (route === undefined) return { ok: false, reply: methodNotAllowed(found.routes) };
  return { ok: true, route, wildcards: found.wildcards };
}

/** Returns the route for a method. HEAD is answered like GET, without the body. */
function routeOf(routes: readonly Route[], method: string): Route | undefined {
  const wanted = method === "HEAD" ? "GET" : method;
  return routes.find((route) => route.method === wanted);
}

/** The reply to a request whose path is not served. */
export function notFound(request: HttpRequest): HttpReply {
  if (keyOfPath(request.path) !== undefined || isSocketPath(request.path)) return upgradeRequired(request);
  return refusal({ id: "notFound", message: `Nothing here: ${request.method} ${request.path.slice(0, 200)}` });
}

function unsupportedEncoding(encoding: string): HttpReply {
  const message = `Unsupported Content-Encoding ${quote(encoding)}: send the body as it is`;
  return refusal({ id: "unsupportedEncoding", message }, { "accept-encoding": "identity" });
}

/** The reply to a plain request for a connection: the client's mistake or, most often, that of a proxy. */
function upgradeRequired(request: HttpRequest): HttpReply {
  const isHandshake = request.header("sec-websocket-key") !== undefined;
  const cause = isHandshake ? "A proxy in front of the server has dropped them" : "A proxy may have dropped them";
  const message = `This path is for WebSocket: expected the headers "Connection: Upgrade" and "Upgrade: websocket". ${cause}: it must pass both on`;
  return refusal({ id: "upgradeRequired", message }, { upgrade: "websocket" });
}

function methodNotAllowed(routes: readonly Route[]): HttpReply {
  const methods = routes.flatMap(({ method }) => (method === "GET" ? ["GET", "HEAD"] : [method]));
  return refusal(
    { id: "methodNotAllowed", message: `Method not allowed: use ${methods.join(" or ")}` },
    { allow: methods.join(", ") },
  );
}
