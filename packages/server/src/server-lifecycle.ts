import type { ServerSettings } from "./core/settings/server-settings.ts";
import type { Turns } from "./core/turns.ts";
import type { Console } from "./console/create-console.ts";
import type { EngineEvents, EngineStatus } from "./ports/engine.ts";
import type { ListenAddress, Listener, TransportHandlers } from "./ports/transport.ts";
import type { Observer } from "./ports/observer.ts";
import type { ServerPorts } from "./server-ports.ts";
import { startConnectionReport } from "./session/connection-report.ts";
import { drain } from "./session/drain.ts";
import type { HeldConnections } from "./session/held-connections.ts";
import type { Hub } from "./session/hub.ts";
import { startLivenessTimer } from "./session/liveness-timer.ts";
import { pause } from "./session/pause.ts";

/** How long a server that stops goes on sending webhooks, in milliseconds: a little longer than one request may take. */
const webhookFlushMs = 5_000;

/** What a server does at the moment. */
export interface ServerState {
  /** Whether it accepts connections and does not stop soon. */
  isListening: boolean;
  /** Whether it closes its connections, so that its clients connect to another server. */
  isDraining: boolean;
  engineStatus: EngineStatus;
}

/** The parts of a server that begin and end with it. */
export interface LifecycleParts {
  readonly settings: ServerSettings;
  readonly ports: ServerPorts;
  readonly turns: Turns;
  readonly state: ServerState;
  readonly hub: Hub;
  readonly held: HeldConnections;
  readonly observer: Observer;
  readonly logObserver: { close(): void };
  readonly console: Console | undefined;
  readonly engineEvents: EngineEvents;
  readonly handlers: TransportHandlers;
  /** The handlers of the address for metrics, if they have one of their own. */
  readonly metricsHandlers: TransportHandlers;
}

/** Starts and stops a server. */
export class ServerLifecycle {
  readonly #parts: LifecycleParts;
  readonly #listeners: Listener[] = [];
  #stopTimers: readonly (() => void)[] = [];

  constructor(parts: LifecycleParts) {
    this.#parts = parts;
  }

  /** Starts the engine, timers and webhooks, then accepts connections. */
  async listen(): Promise<ListenAddress> {
    const { hub, turns, console, engineEvents, state } = this.#parts;
    const { apps, clock, engine, log, webhooks } = this.#parts.ports;
    await engine.start(engineEvents);
    this.#stopTimers = [
      startLivenessTimer(hub, clock, turns),
      startConnectionReport(hub, clock, log),
      ...(console === undefined ? [] : [console.start()]),
    ];
    try {
      await webhooks?.start(apps.all());
      const address = await this.#accept();
      state.isListening = true;
      return address;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async #accept(): Promise<ListenAddress> {
    const { settings, handlers, metricsHandlers } = this.#parts;
    const { transport, metrics } = this.#parts.ports;
    const main =
      transport.attach?.(handlers) ?? (await transport.listen({ host: settings.host, port: settings.port }, handlers));
    this.#listeners.push(main);
    if (metrics?.address !== undefined) {
      this.#listeners.push(await transport.listen(metrics.address, metricsHandlers));
    }
    return main.address;
  }

  /** Reports that the server is not ready, tells clients to reconnect, then closes. */
  async drain(): Promise<void> {
    const { settings, hub, held, observer, turns, state } = this.#parts;
    const { clock } = this.#parts.ports;
    state.isListening = false;
    if (settings.drainDelaySeconds > 0) await pause(clock, settings.drainDelaySeconds * 1_000);
    state.isDraining = true;
    observer.observe({ kind: "draining", connections: hub.connections.size, seconds: settings.drainSeconds });
    await drain(hub, clock, turns, settings.drainSeconds);
    for (const one of this.#listeners) one.stopAccepting();
    held.refuseAll();
    await this.close(webhookFlushMs);
  }

  /** Closes everything at once, except that webhooks are sent for up to `flushMs`, in milliseconds. */
  async close(flushMs = 0): Promise<void> {
    const { logObserver, state } = this.#parts;
    const { engine, usage, webhooks } = this.#parts.ports;
    state.isListening = false;
    for (const stop of this.#stopTimers) stop();
    await Promise.all(this.#listeners.map((one) => one.close()));
    await engine.close();
    await usage?.close();
    // Last, because clients that were closed have left channels.
    await webhooks?.close(flushMs);
    logObserver.close();
  }
}
