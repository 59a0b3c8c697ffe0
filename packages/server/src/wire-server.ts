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
import type { EngineStatus } from "./ports/engine.ts";
import type { ListenAddress, Listener, TransportHandlers } from "./ports/transport.ts";
import type { ServerPorts } from "./server-ports.ts";
import { createServerRoutes } from "./server-routes.ts";
import { createAuthVerifier } from "./session/auth-verifier.ts";
import { startConnectionReport } from "./session/connection-report.ts";
import { createConnectionDirectory } from "./session/connection-directory.ts";
import { closeOrphaned } from "./session/close-orphaned.ts";
import { drain } from "./session/drain.ts";
import { createEngineEvents } from "./session/engine-events.ts";
import { HeldConnections } from "./session/held-connections.ts";
import { pause } from "./session/pause.ts";
import { createMessageHandler } from "./session/handlers/message-handler.ts";
import { Hub } from "./session/hub.ts";
import { startLivenessTimer } from "./session/liveness-timer.ts";
import { openSession, type OpenDependencies } from "./session/open-session.ts";
import { SubscriptionCounts } from "./session/subscription-counts.ts";

/** How long a server that stops goes on sending webhooks, in milliseconds: a little longer than one request may take. */
const webhookFlushMs = 5_000;

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
  const activityLog = ports.console && new ActivityLog(ports.console.node, clock);
  const more = [activityLog, webhooks, usage].filter((one) => one !== undefined);
  const metrics = createMetrics(clock);
  const logObserver = createLogObserver(log, clock);
  const observer = observeAll([logObserver, metrics.observer, ...more, ...observers]);
  webhooks?.reportTo(observer);
  const hub = new Hub(transport, observer, turns);
  const counts = new SubscriptionCounts(apps, engine, clock, observer);
  const handler = createMessageHandler({
    engine,
    hub,
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
  const metricsAddress = ports.metrics?.address;
  const overCapacity = (): boolean => transport.bufferedBytes() > settings.maxBufferedBytes;
  let listening = false;
  let engineStatus: EngineStatus = "ready";
  let draining = false;
  let stopTimers: readonly (() => void)[] = [];
  const listeners: Listener[] = [];
  const engineEvents = createEngineEvents(
    hub,
    counts,
    observer,
    (status) => {
      engineStatus = status;
      const kind = status === "ready" ? "engine-ready" : "engine-unavailable";
      if (observer.wants(kind)) observer.observe({ kind });
    },
    (app, text) => routes.console?.messageReceived(app, text),
  );
  const isReady = (): boolean => listening && engineStatus === "ready";
  const routes = createServerRoutes(ports, {
    observer,
    turns,
    metrics,
    activityLog,
    hub,
    connections: createConnectionDirectory(hub, clock, turns),
    isReady,
    isEngineReady: () => engineStatus === "ready",
  });
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
  const held = new HeldConnections(clock);
  const opening: OpenDependencies = {
    apps,
    random,
    texts: new TextPool(),
    session: { hub, handler, quota: engine, clock, observer, settings },
    held,
    overCapacity,
    isDraining: () => draining,
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
    inBackground(closeOrphaned(hub, apps, turns), (error) =>
      log.error("session.failed", { where: errorLocation(error) }),
    );
  });

  async function close(flushMs = 0): Promise<void> {
    listening = false;
    for (const stop of stopTimers) stop();
    await Promise.all(listeners.map((one) => one.close()));
    await engine.close();
    await usage?.close();
    // Last, because clients that were closed have left channels.
    await webhooks?.close(flushMs);
    logObserver.close();
  }

  return {
    runtime: transport.runtime,
    hasConsole: routes.console !== undefined,
    async listen() {
      await engine.start(engineEvents);
      stopTimers = [
        startLivenessTimer(hub, clock, turns),
        startConnectionReport(hub, clock, log),
        ...(routes.console === undefined ? [] : [routes.console.start()]),
      ];
      try {
        await webhooks?.start(apps.all());
        const main =
          transport.attach?.(handlers) ??
          (await transport.listen({ host: settings.host, port: settings.port }, handlers));
        listeners.push(main);
        if (metricsAddress !== undefined) {
          const metricsHandlers = withoutConnections(createHttpApi(routes.metrics, api));
          listeners.push(await transport.listen(metricsAddress, metricsHandlers));
        }
        listening = true;
        return main.address;
      } catch (error) {
        await close();
        throw error;
      }
    },
    async drain() {
      listening = false;
      if (settings.drainDelaySeconds > 0) await pause(clock, settings.drainDelaySeconds * 1_000);
      draining = true;
      observer.observe({ kind: "draining", connections: hub.connections.size, seconds: settings.drainSeconds });
      await drain(hub, clock, turns, settings.drainSeconds);
      for (const one of listeners) one.stopAccepting();
      held.refuseAll();
      await close(webhookFlushMs);
    },
    close: () => close(),
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
