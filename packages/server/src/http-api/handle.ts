import { andThen, type Awaitable } from "../core/awaitable.ts";
import type { HeadCheck, HttpReply, HttpRequest, TransportHandlers } from "../ports/transport.ts";
import type { ApiPorts } from "./api-ports.ts";
import { createAppRequests } from "./app-requests.ts";
import type { OpenCall } from "./endpoint.ts";
import { findRoute, notFound } from "./find-route.ts";
import { transportRefusal } from "./reply.ts";
import { RequestObserver } from "./request-observer.ts";
import { RouteTable } from "./route-table.ts";
import type { OpenRoute, Route } from "./routes.ts";

/** The part of a server that answers requests. */
export type HttpApi = Pick<TransportHandlers, "checkHead" | "http" | "isFastPath" | "isOwnPath" | "refusal">;

/** Creates the handler of every HTTP request that is not an upgrade. It never throws or rejects. */
export function createHttpApi(routes: readonly Route[], ports: ApiPorts): HttpApi {
  const table = new RouteTable(routes);
  const appRequests = createAppRequests(ports);
  const observer = new RequestObserver(table, ports);

  function answer(request: HttpRequest): Awaitable<HttpReply> {
    const found = findRoute(table, request);
    if (!found.ok) return found.reply;
    const { route, wildcards } = found;
    switch (route.access) {
      case "app":
        return appRequests.answer(route, request, wildcards);
      case "operator":
        return answerOperator(route, { request, wildcards });
      case "open":
      case "console":
        return route.endpoint({ request, wildcards });
    }
  }

  async function answerOperator({ endpoint }: OpenRoute, call: OpenCall): Promise<HttpReply> {
    if (ports.checkOperator === undefined) return notFound(call.request);
    return (await ports.checkOperator(call.request)) ?? endpoint(call);
  }

  function checkHead(request: HttpRequest): HeadCheck {
    const found = findRoute(table, request);
    if (!found.ok) return found;
    return found.route.access === "app"
      ? appRequests.checkHead(request, found.wildcards)
      : { ok: true, isSigned: false };
  }

  function observed(request: HttpRequest, reply: HttpReply, startMs: number | undefined): HttpReply {
    observer.answered(request, reply, startMs);
    return reply;
  }

  function failed(error: unknown): HttpReply {
    observer.failed(error);
    return transportRefusal("internal");
  }

  return {
    isFastPath: (path) => table.isFastPath(path),
    // The fallback transports are below `/pusher/`.
    isOwnPath: (path) => path.startsWith("/pusher/") || table.isBelowRoute(path),
    refusal(id, request) {
      const reply = transportRefusal(id);
      // An internal error is reported where it happens.
      if (id !== "internal") observer.refused(request, reply);
      return reply;
    },
    checkHead(request) {
      const startMs = observer.startMs();
      try {
        const check = checkHead(request);
        return check.ok ? check : { ok: false, reply: observed(request, check.reply, startMs) };
      } catch (error) {
        return { ok: false, reply: observed(request, failed(error), startMs) };
      }
    },
    http(request) {
      const startMs = observer.startMs();
      try {
        return andThen(
          answer(request),
          (reply) => observed(request, request.method === "HEAD" ? withoutStream(reply) : reply, startMs),
          (error) => observed(request, failed(error), startMs),
        );
      } catch (error) {
        return observed(request, failed(error), startMs);
      }
    },
  };
}

/** The reply to HEAD ends with its head. */
function withoutStream({ status, headers, body }: HttpReply): HttpReply {
  return { status, headers, body };
}
