import { limits, type AppId } from "@sealcast/protocol";
import { andThen, type Awaitable } from "../core/awaitable.ts";
import type { App } from "../core/app.ts";
import { whereOf } from "../core/fault.ts";
import { percentDecode } from "../core/query.ts";
import { RateWindow } from "../core/rate.ts";
import type { AppStore } from "../ports/app-store.ts";
import type { Clock } from "../ports/clock.ts";
import type { Engine } from "../ports/engine.ts";
import type { Observer } from "../ports/observer.ts";
import type { Signer } from "../ports/signer.ts";
import type { HttpReply, HttpRequest } from "../ports/transport.ts";
import { authenticate } from "./authenticate.ts";
import { refusal, text } from "./reply.ts";
import { routesOf } from "./routes.ts";

/** What the HTTP API works with. */
export interface ApiServices {
  readonly apps: AppStore;
  readonly engine: Engine;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly observer: Observer;
  /** Whether the process holds as much undelivered data as it may. */
  readonly overCapacity: () => boolean;
  /** Whether the server takes new work: false before it listens and while it drains. */
  readonly isReady: () => boolean;
}

/** Answers every HTTP request that is not an upgrade or a fallback transport; never throws or rejects. */
export function createHttpApi(services: ApiServices): (request: HttpRequest) => Awaitable<HttpReply> {
  const rates = new Map<AppId, { readonly perSecond: number; readonly window: RateWindow }>();

  function takePublishes(app: App, events: number): boolean {
    if (app.publishesPerSecond === 0) return true;
    let rate = rates.get(app.id);
    if (rate?.perSecond !== app.publishesPerSecond) {
      rate = { perSecond: app.publishesPerSecond, window: new RateWindow(app.publishesPerSecond) };
      rates.set(app.id, rate);
    }
    return rate.window.take(services.clock.monotonicNow(), events);
  }

  function handleApp(request: HttpRequest, id: string, segments: readonly string[]): Awaitable<HttpReply> {
    const { matches, subject } = routesOf(segments);
    if (matches.length === 0) return notFound(request);
    const app = services.apps.byId(id as AppId);
    if (app === undefined) return refusal({ id: "appUnknown", message: "No app has this id" });
    const route = matches.find(({ method }) => method === request.method);
    if (route === undefined) return methodNotAllowed(matches.map(({ method }) => method));
    const query = authenticate(app, services.signer, request, services.clock.now());
    if (!query.ok) return refusal(query.error);
    if (!app.enabled) return refusal({ id: "appIsDisabled", message: "The app is disabled" });
    if (route.publishes && services.overCapacity()) {
      return refusal({ id: "overMemory", message: "The server is over its memory limit; try again" });
    }
    const { engine, observer } = services;
    return route.endpoint({
      app,
      request,
      query: query.value,
      subject: percentDecode(subject),
      engine,
      observer,
      takePublishes: (events) => takePublishes(app, events),
    });
  }

  function observed({ method, path }: HttpRequest, reply: HttpReply): HttpReply {
    if (reply.status < 400 || !services.observer.wants("request-refused")) return reply;
    const [, root, id] = path.split("/");
    const app = root === "apps" ? services.apps.byId(id as AppId)?.id : undefined;
    const message = reply.body.trimEnd();
    services.observer.observe({ kind: "request-refused", app, method, path, status: reply.status, message });
    return reply;
  }

  function answer(request: HttpRequest): Awaitable<HttpReply> {
    const [, root, id, ...segments] = request.path.split("/");
    if (root === "apps" && id !== undefined) return handleApp(request, id, segments);
    switch (request.path) {
      case "/health/live":
      case "/up":
        return text(200, "OK\n");
      case "/health/ready":
        return services.isReady() ? text(200, "OK\n") : text(503, "Not ready\n");
      default:
        return notFound(request);
    }
  }

  function failed(error: unknown): HttpReply {
    const where = whereOf(error);
    services.observer.observe({ kind: "request-failed", app: undefined, socketId: undefined, where });
    return refusal({ id: "internal", message: "The server could not handle this request; try again" });
  }

  return (request) => {
    try {
      return andThen(
        answer(request),
        (reply) => observed(request, reply),
        (error) => observed(request, failed(error)),
      );
    } catch (error) {
      return observed(request, failed(error));
    }
  };
}

/**
 * Largest body that any valid request has: a full batch of the largest events, and room for names. JSON escapes at most
 * double a text that is itself JSON; in other texts they may take six characters for one, for which the floor has room
 * as long as events have the official size.
 */
export function maxBodyBytes(largestEventBytes: number): number {
  return Math.max(1_228_800, limits.eventsPerBatch * largestEventBytes * 2 + 64 * 1_024);
}

function notFound(request: HttpRequest): HttpReply {
  return refusal({ id: "notFound", message: `Nothing here: ${request.method} ${request.path.slice(0, 200)}` });
}

function methodNotAllowed(allowed: readonly string[]): HttpReply {
  return text(405, `Method not allowed: use ${allowed.join(" or ")}\n`, { allow: allowed.join(", ") });
}
