import type { AppKey } from "@sealcast/protocol";
import { defaultMaxFrameBytes } from "./core/settings/frame-limit.ts";
import { usedUp } from "./core/publishing/message-quota.ts";
import { inBackground } from "./core/awaitable.ts";
import { errorLocation } from "./core/errors/error-location.ts";
import { oneTurn } from "./core/turns.ts";
import { allowsOrigin } from "./core/connections/open.ts";
import { percentDecode } from "./core/urls/percent-decode.ts";
import { TextPool } from "./core/connections/text-pool.ts";
import type { ServerSettings } from "./core/settings/server-settings.ts";
import { maxBodyBytes } from "./http-api/body-limit.ts";
import { createMetrics } from "./metrics/create-metrics.ts";
import { ActivityLog } from "./console/activity-log.ts";
import { quotaProblem } from "./http-api/quota.ts";
import type { ApiPorts } from "./http-api/api-ports.ts";
import { createHttpApi } from "./http-api/handle.ts";
import { withoutConnections } from "./http-api/without-connections.ts";
import { createLogObserver } from "./observers/log-observer.ts";
import { observeAll } from "./observers/observe-all.ts";
import type { AppStore } from "./ports/app-store.ts";
import type { ListenAddress, TransportHandlers } from "./ports/transport.ts";
import { ServerLifecycle, type ServerState } from "./server-lifecycle.ts";
import type { ServerPorts } from "./server-ports.ts";
import { createServerRoutes } from "./server-routes.ts";
import { createAuthVerifier } from "./session/auth-verifier.ts";
import { createConnectionDirectory } from "./session/connection-directory.ts";
import { closeOrphaned } from "./session/close-orphaned.ts";
import { createEngineEvents } from "./session/engine-events.ts";
import { HeldConnections } from "./session/held-connections.ts";
import { createMessageHandler } from "./session/handlers/message-handler.ts";
import { Hub } from "./session/hub.ts";
import { openSession, type OpenDependencies } from "./session/open-session.ts";
import { SubscriptionCounts } from "./session/subscription-counts.ts";
import { Watchlists } from "./session/watchlists.ts";

/** A server that can be started and stopped. */
export interface WiredServer {
  /** Name and version of the runtime: "Node.js 20.20.2" or "Bun 1.4.5". */
  readonly runtime: string;
  /** Whether it has a console, at `/console`. */
  readonly hasConsole: boolean;
  /**
   * Starts to accept connections; resolves with the address it listens on. Rejects if the address cannot be bound, or if
   * Redis or the database of apps cannot be used.
   */
  listen(): Promise<ListenAddress>;
  /**
   * Reports that it is not ready, for `drainDelaySeconds`; then tells clients to reconnect, over `drainSeconds`, while it
   * still answers requests; then stops accepting and closes.
   */
  drain(): Promise<void>;
  /** Closes every connection and stops at once, without telling clients to reconnect. */
  close(): Promise<void>;
}

/**
 * Wires a server out of checked settings and the ports it is given. Nothing runs before `listen`. When the apps change,
 * connections of an app that was removed or disabled are closed; all others keep the settings they started with, except
 * secrets: what they sign from now on is checked with the new ones.
 */
export function wireServer(settings: ServerSettings, ports: ServerPorts): WiredServer {
  const { apps, transport, engine, clock, random, signer, log } = ports;
  const { observers = [], webhooks, usage, turns = oneTurn } = ports;
  const state: ServerState = { isListening: false, isDraining: false, engineStatus: "ready" };
  const activityLog = ports.console && new ActivityLog(ports.console.node, clock);
  const more = [activityLog, webhooks, usage].filter((one) => one !== undefined);
  const metrics = createMetrics(clock);
  const logObserver = createLogObserver(log, clock);
  const observer = observeAll([logObserver, metrics.observer, ...more, ...observers]);
  webhooks?.reportTo(observer);
  const hub = new Hub(transport, observer, turns);
  const watchlists = new Watchlists(engine);
  const unexpected = (error: unknown): void => log.error("session.failed", { where: errorLocation(error) });
  const routes = createServerRoutes(ports, {
    observer,
    turns,
    metrics,
    activityLog,
    hub,
    connections: createConnectionDirectory(hub, clock, turns),
    isReady: () => state.isListening && state.engineStatus === "ready",
    isEngineReady: () => state.engineStatus === "ready",
  });
  const engineEvents = createEngineEvents(
    hub,
    watchlists,
    new SubscriptionCounts(apps, engine, clock, observer),
    observer,
    (status) => {
      state.engineStatus = status;
      const kind = status === "ready" ? "engine-ready" : "engine-unavailable";
      if (observer.wants(kind)) observer.observe({ kind });
      if (status === "ready") inBackground(watchlists.refresh(), unexpected);
    },
    (app, text) => routes.console?.messageReceived(app, text),
  );
  const overCapacity = (): boolean => transport.bufferedBytes() > settings.maxBufferedBytes;
  const api: ApiPorts = {
    apps,
    engine,
    signer,
    clock,
    turns,
    observer,
    overCapacity,
    checkOperator: ports.checkOperator,
    quotaProblem: usage && ((app) => quotaProblem(usage, app)),
  };
  const handler = createMessageHandler({
    engine,
    hub,
    watchlists,
    authProblem: createAuthVerifier(apps, signer),
    observer,
    clock,
    turns,
    maxSubscriptions: settings.maxSubscriptionsPerConnection,
    usedUp(id) {
      const app = usage && apps.byId(id);
      return app && usedUp(usage, app);
    },
  });
  const held = new HeldConnections(clock);
  const opening: OpenDependencies = {
    apps,
    random,
    texts: new TextPool(),
    session: { hub, handler, quota: engine, clock, observer, settings },
    held,
    overCapacity,
    isDraining: () => state.isDraining,
  };
  let sizes = sizeLimitsOf(settings, apps);
  const handlers: TransportHandlers = {
    open: (request, link) => openSession(opening, request, link),
    ...createHttpApi(routes.main, api),
    allowsOrigin(key, origin) {
      const app = apps.byKey(percentDecode(key) as AppKey);
      return app === undefined || allowsOrigin(app, origin);
    },
    get maxBodyBytes() {
      return sizes.maxBodyBytes;
    },
    get maxMessageBytes() {
      return sizes.maxMessageBytes;
    },
  };

  apps.onChange(() => {
    sizes = sizeLimitsOf(settings, apps);
    webhooks?.replaceApps(apps.all());
    inBackground(closeOrphaned(hub, apps, turns), unexpected);
  });

  const lifecycle = new ServerLifecycle({
    settings,
    ports,
    turns,
    state,
    hub,
    held,
    observer,
    logObserver,
    console: routes.console,
    engineEvents,
    handlers,
    metricsHandlers: withoutConnections(createHttpApi(routes.metrics, api)),
  });
  return {
    runtime: transport.runtime,
    hasConsole: routes.console !== undefined,
    listen: () => lifecycle.listen(),
    drain: () => lifecycle.drain(),
    close: () => lifecycle.close(),
  };
}

/** The limits that follow from those of the apps. */
function sizeLimitsOf(
  { maxFrameBytes }: ServerSettings,
  apps: AppStore,
): Pick<TransportHandlers, "maxBodyBytes" | "maxMessageBytes"> {
  const all = apps.all();
  return {
    maxBodyBytes: maxBodyBytes(all.reduce((largest, { maxEventBytes }) => Math.max(largest, maxEventBytes), 0)),
    maxMessageBytes: maxFrameBytes === 0 ? defaultMaxFrameBytes(all) : maxFrameBytes,
  };
}
