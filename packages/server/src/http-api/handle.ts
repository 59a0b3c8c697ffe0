import { quote, type AppId, type QueryParameter } from "@sealcast/protocol";
import type { App } from "../core/apps/app.ts";
import { andThen, type Awaitable } from "../core/awaitable.ts";
import { errorLocation } from "../core/errors/error-location.ts";
import { keyOfPath } from "../core/connections/open.ts";
import { percentDecode } from "../core/urls/percent-decode.ts";
import type { Turns } from "../core/turns.ts";
import type { AppStore } from "../ports/app-store.ts";
import type { Clock } from "../ports/clock.ts";
import type { Engine } from "../ports/engine.ts";
import type { Observer } from "../ports/observer.ts";
import type { Signer } from "../ports/signer.ts";
import type {
  HttpReply,
  HttpRequest,
  RefusedRequest,
  TransportHandlers,
  TransportRefusal,
} from "../ports/transport.ts";
import { authenticate, authenticateHead } from "./authenticate.ts";
import { largeBodyBytes } from "./body-limit.ts";
import { parameter } from "../core/urls/query.ts";
import { refusal, transportRefusal } from "./reply.ts";
import type { AppCall, OpenCall } from "./endpoint.ts";
import { RouteTable } from "./route-table.ts";
import type { AppRoute, OpenRoute, Route } from "./routes.ts";

type Answer = Awaitable<HttpReply>;

/** Decides whether a request to an operator's route is allowed: returns the reply that refuses it, or undefined. */
export type OperatorCheck = (request: HttpRequest) => Awaitable<HttpReply | undefined>;

/** The ports of the HTTP API. */
export interface ApiPorts {
  readonly apps: AppStore;
  readonly engine: Engine;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly turns: Turns;
  readonly observer: Observer;
  /** Without it, no request to an operator's route is allowed. */
  readonly checkOperator?: OperatorCheck | undefined;
  /** Returns the reply that refuses a publish of an app that has used its messages of the day. */
  readonly quotaProblem?: ((app: App) => HttpReply | undefined) | undefined;
  /** Whether the process holds as much undelivered data as it may. */
  readonly overCapacity: () => boolean;
}

/** The part of a server that answers requests. */
export type HttpApi = Pick<TransportHandlers, "http" | "isFastPath" | "isOwnPath" | "refusal" | "refusalBeforeBody">;

/** The reply that refuses a request. */
interface Refused {
  readonly ok: false;
  readonly reply: HttpReply;
}
type FoundApp = { readonly ok: true; readonly app: App } | Refused;
type FoundRoute = { readonly ok: true; readonly route: Route; readonly wildcards: readonly string[] } | Refused;

/** Creates the handler of every HTTP request that is not an upgrade. It never throws or rejects. */
export function createHttpApi(routes: readonly Route[], ports: ApiPorts): HttpApi {
  const table = new RouteTable(routes);

  /** Checking the signature of a large body takes a turn of the event loop, and so does what the request asks for. */
  function inOwnTurn(request: HttpRequest, work: () => Answer): Answer {
    return request.body.length < largeBodyBytes ? work() : ports.turns.next().then(work);
  }

  /** Finds the app of a request. */
  function appOf(id: string | undefined, request: HttpRequest): FoundApp {
    const app = ports.apps.byId(id as AppId);
    if (app === undefined) return { ok: false, reply: refusal({ id: "appUnknown", message: "No app has this id" }) };
    if (!app.forceTls || request.secure) return { ok: true, app };
    return { ok: false, reply: refusal({ id: "tlsRequired", message: "This app accepts TLS only" }) };
  }

  function handleApp(route: AppRoute, request: HttpRequest, [id, subject = ""]: readonly string[]): Answer {
    const found = appOf(id, request);
    if (!found.ok) return found.reply;
    const { app } = found;
    return andThen(authenticate(app, ports.signer, request, ports.clock.now(), ports.turns), (query) =>
      query.ok ? callEndpoint(app, route, request, query.value, subject) : refusal(query.error),
    );
  }

  /** Passes an authentic request to its endpoint. */
  function callEndpoint(
    app: App,
    route: AppRoute,
    request: HttpRequest,
    query: readonly QueryParameter[],
    subject: string,
  ): Answer {
    ports.apps.used(parameter(query, "auth_key") ?? "");
    const problem = appProblem(app, route);
    if (problem !== undefined) return problem;
    const call: AppCall = {
      app,
      request,
      query,
      subject: percentDecode(subject),
      engine: ports.engine,
      observer: ports.observer,
      publishesPerSecond: app.publishesPerSecond,
      quotaProblem: () => ports.quotaProblem?.(app),
      turns: ports.turns,
    };
    return inOwnTurn(request, () => route.endpoint(call));
  }

  function appProblem(app: App, { publishes }: AppRoute): HttpReply | undefined {
    if (!app.enabled) return refusal({ id: "appIsDisabled", message: "The app is disabled" });
    return publishes && ports.overCapacity() ? transportRefusal("overMemory") : undefined;
  }

  function answered({ path }: HttpRequest, { status }: HttpReply, startMs: number): void {
    const [route] = table.find(path)?.routes ?? [];
    const durationMs = ports.clock.monotonicNow() - startMs;
    ports.observer.observe({ kind: "request-answered", route: route?.path, status, durationMs });
  }

  function startOf(): number | undefined {
    return ports.observer.wants("request-answered") ? ports.clock.monotonicNow() : undefined;
  }

  function observed(request: HttpRequest, reply: HttpReply, startMs: number | undefined): HttpReply {
    if (startMs !== undefined) answered(request, reply, startMs);
    if (reply.status >= 400 && ports.observer.wants("request-refused")) observeRefusal(request, reply);
    return reply;
  }

  function observeRefusal({ method, path, address }: RefusedRequest, { status, body }: HttpReply): void {
    const found = table.find(path);
    const access = found?.routes[0]?.access;
    // A server that is not ready refuses nothing: health checks ask again and again.
    if (access === "open") return;
    ports.observer.observe({
      kind: "request-refused",
      app: access === "app" ? ports.apps.byId(found?.wildcards[0] as AppId)?.id : undefined,
      method,
      path,
      address: address === "" ? undefined : address,
      status,
      message: String(body).trimEnd(),
    });
  }

  function refuse(id: TransportRefusal, request: RefusedRequest): HttpReply {
    const reply = transportRefusal(id);
    if (id !== "internal" && ports.observer.wants("request-refused")) observeRefusal(request, reply);
    return reply;
  }

  async function handleOperator({ endpoint }: OpenRoute, call: OpenCall): Promise<HttpReply> {
    if (ports.checkOperator === undefined) return notFound(call.request);
    return (await ports.checkOperator(call.request)) ?? endpoint(call);
  }

  /** Finds the route of a request. */
  function find(request: HttpRequest): FoundRoute {
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

  function answer(request: HttpRequest): Answer {
    const found = find(request);
    if (!found.ok) return found.reply;
    const { route, wildcards } = found;
    switch (route.access) {
      case "app":
        return inOwnTurn(request, () => handleApp(route, request, wildcards));
      case "operator":
        return handleOperator(route, { request, wildcards });
      case "open":
      case "console":
        return route.endpoint({ request, wildcards });
    }
  }

  function refusalOfHead(request: HttpRequest): HttpReply | undefined {
    const found = find(request);
    if (!found.ok) return found.reply;
    if (found.route.access !== "app") return undefined;
    const app = appOf(found.wildcards[0], request);
    if (!app.ok) return app.reply;
    const signed = authenticateHead(app.app, ports.signer, request, ports.clock.now());
    return signed.ok ? undefined : refusal(signed.error);
  }

  function failed(error: unknown): HttpReply {
    const where = errorLocation(error);
    ports.observer.observe({ kind: "request-failed", app: undefined, socketId: undefined, where });
    return transportRefusal("internal");
  }

  return {
    isFastPath: (path) => table.isFastPath(path),
    // The fallback transports are below `/pusher/`.
    isOwnPath: (path) => path.startsWith("/pusher/") || table.isBelowRoute(path),
    refusal: refuse,
    refusalBeforeBody(request) {
      const startMs = startOf();
      try {
        const reply = refusalOfHead(request);
        return reply === undefined ? undefined : observed(request, reply, startMs);
      } catch (error) {
        return observed(request, failed(error), startMs);
      }
    },
    http(request) {
      const startMs = startOf();
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

/** Returns the route for a method. HEAD is answered like GET, without the body. */
function routeOf(routes: readonly Route[], method: string): Route | undefined {
  const wanted = method === "HEAD" ? "GET" : method;
  return routes.find((route) => route.method === wanted);
}

/** The reply to HEAD ends with its head. */
function withoutStream({ status, headers, body }: HttpReply): HttpReply {
  return { status, headers, body };
}

function notFound(request: HttpRequest): HttpReply {
  if (keyOfPath(request.path) !== undefined) return upgradeRequired(request);
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
