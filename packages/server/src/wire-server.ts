import type { AppKey } from "@sealcast/protocol";
import type { App } from "./core/app.ts";
import { allowsOrigin } from "./core/open.ts";
import { percentDecode } from "./core/query.ts";
import { TextPool } from "./core/text-pool.ts";
import type { ServerConfig } from "./config/server-config.ts";
import { createStaticAppStore } from "./adapters/app-store/static.ts";
import { createHttpApi, maxBodyBytes } from "./http-api/handle.ts";
import { createLogObserver } from "./observers/log-observer.ts";
import { observeAll } from "./observers/observe-all.ts";
import type { Clock } from "./ports/clock.ts";
import type { Engine, EngineStatus } from "./ports/engine.ts";
import type { Log } from "./ports/log.ts";
import type { Observer } from "./ports/observer.ts";
import type { Random } from "./ports/random.ts";
import type { Signer } from "./ports/signer.ts";
import type { ListenAddress, Transport, TransportHandlers } from "./ports/transport.ts";
import { createAuthVerifier } from "./session/auth-verifier.ts";
import { closeOrphaned } from "./session/close-orphaned.ts";
import { drain } from "./session/drain.ts";
import { createEngineEvents } from "./session/engine-events.ts";
import { createMessageHandler } from "./session/handlers/message-handler.ts";
import { Hub } from "./session/hub.ts";
import { startLivenessTimer } from "./session/liveness-timer.ts";
import { openSession, type OpenDependencies } from "./session/open-session.ts";
import { SubscriptionCounts } from "./session/subscription-counts.ts";
import type { Webhooks } from "./webhooks/webhooks.ts";

/** How long a server that stops goes on sending webhooks, in milliseconds: a little longer than one request may take. */
const webhookFlushMs = 5_000;

/** Everything outside that a server works with. */
export interface ServerPorts {
  readonly transport: Transport;
  readonly engine: Engine;
  readonly clock: Clock;
  readonly random: Random;
  readonly signer: Signer;
  readonly log: Log;
  /** Observers besides the log. */
  readonly observers?: readonly Observer[];
  /** Without them, no app's webhooks are told of anything. */
  readonly webhooks?: Webhooks | undefined;
}

/** A server that can be started and stopped. */
export interface SealcastServer {
  /** "Node.js 20.20.2" or "Bun 1.4.5". */
  readonly runtime: string;
  /** Begins to accept; resolves with the address it listens on. */
  listen(): Promise<ListenAddress>;
  /**
   * Takes another list of apps. Connections of an app that is gone or disabled are closed. All others keep the settings
   * they started with, but for secrets: what they sign from now on is checked with the new ones.
   */
  replaceApps(apps: readonly App[]): void;
  /** Stops accepting, tells clients to reconnect over `drainSeconds`, then closes. */
  drain(): Promise<void>;
  /** Ends everything at once. */
  close(): Promise<void>;
}

/** Wires a server out of a checked configuration and the ports it is given. Nothing runs before `listen`. */
export function wireServer(config: ServerConfig, ports: ServerPorts): SealcastServer {
  const { transport, engine, clock, random, signer, log } = ports;
  const apps = createStaticAppStore(config.apps);
  const { observers = [], webhooks } = ports;
  const observer = observeAll([createLogObserver(log), ...observers, ...(webhooks === undefined ? [] : [webhooks])]);
  const hub = new Hub(transport, observer);
  const counts = new SubscriptionCounts(apps, engine, clock, observer);
  const authProblem = createAuthVerifier(apps, signer);
  const handler = createMessageHandler(engine, hub, authProblem, observer, clock, config.maxSubscriptionsPerConnection);
  const overCapacity = (): boolean => transport.bufferedBytes() > config.maxBufferedBytes;
  let listening = false;
  let engineStatus: EngineStatus = "ready";
  let draining = false;
  let stopLivenessTimer: (() => void) | undefined;
  const engineEvents = createEngineEvents(hub, counts, observer, (status) => {
    engineStatus = status;
    const kind = status === "ready" ? "engine-ready" : "engine-unavailable";
    if (observer.wants(kind)) observer.observe({ kind });
  });
  let bodyLimit = maxBodyBytes(largestEvent(config.apps));
  const http = createHttpApi({
    apps,
    engine,
    signer,
    clock,
    observer,
    overCapacity,
    isReady: () => listening && engineStatus === "ready",
  });
  const opening: OpenDependencies = {
    apps,
    random,
    texts: new TextPool(),
    session: { hub, handler, clock, observer, settings: config },
    overCapacity,
    isDraining: () => draining,
  };
  const handlers: TransportHandlers = {
    open: (request, link) => openSession(opening, request, link),
    http,
    allowsOrigin(key, origin) {
      const app = apps.byKey(percentDecode(key) as AppKey);
      return app === undefined || allowsOrigin(app, origin);
    },
    get maxBodyBytes() {
      return bodyLimit;
    },
  };

  async function close(flushMs = 0): Promise<void> {
    listening = false;
    stopLivenessTimer?.();
    await transport.close();
    await engine.close();
    // Last, because clients that were closed have left channels.
    await webhooks?.close(flushMs);
  }

  return {
    runtime: transport.runtime,
    async listen() {
      await engine.start(engineEvents);
      stopLivenessTimer = startLivenessTimer(hub, clock);
      try {
        await webhooks?.start(config.apps);
        const address = await transport.listen({ host: config.host, port: config.port }, handlers);
        listening = true;
        return address;
      } catch (error) {
        await close();
        throw error;
      }
    },
    replaceApps(next) {
      apps.replace(next);
      webhooks?.replaceApps(next);
      closeOrphaned(hub, apps);
      bodyLimit = maxBodyBytes(largestEvent(next));
    },
    async drain() {
      listening = false;
      draining = true;
      transport.stopAccepting();
      observer.observe({ kind: "draining", connections: hub.connections.size, seconds: config.drainSeconds });
      await drain(hub, clock, config.drainSeconds);
      await close(webhookFlushMs);
    },
    close: () => close(),
  };
}

/** Largest message that a client may send, in bytes, where the configuration names none. */
export function defaultMaxFrameBytes(apps: readonly App[]): number {
  const overhead = 4_096;
  return largestEvent(apps) + overhead;
}

function largestEvent(apps: readonly App[]): number {
  return apps.reduce((largest, { maxEventBytes }) => Math.max(largest, maxEventBytes), 0);
}
