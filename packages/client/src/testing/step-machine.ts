import type { Effect, Input, State } from "../connection/connection-state.ts";
import type { ServerMessage } from "../connection/message.ts";
import { initialState, step } from "../connection/step.ts";
import type { PlannedTransport } from "../connection/transport-plan.ts";

/** WebSocket and nothing else. */
export const wsOnly: readonly PlannedTransport[] = [{ name: "ws", afterMs: 0 }];

/** A machine whose clock only a test advances, with a trace of what it did. */
export class Machine {
  state: State = initialState(false);
  now = 0;
  heardAt = 0;
  alarmAt: number | undefined;
  unavailableAt: number | undefined;
  /** Sockets that are open or opening. */
  readonly sockets = new Set<number>();
  readonly #plan: readonly PlannedTransport[];
  #trace: string[] = [];

  constructor(plan: readonly PlannedTransport[] = wsOnly) {
    this.#plan = plan;
  }

  /** What was done since the last call. */
  trace(): string[] {
    const trace = this.#trace;
    this.#trace = [];
    return trace;
  }

  give(input: Input): this {
    const before = this.state.shown;
    const settings = {
      plan: (tls: boolean) =>
        this.#plan.map(({ name, afterMs }) => ({ name: tls && name === "ws" ? "wss" : name, afterMs }) as const),
      activityTimeout: 120_000,
      pongTimeout: 30_000,
      unavailableTimeout: 10_000,
    };
    const facts = { settings, now: this.now, heardAt: this.heardAt, jitter: 0.5 };
    const [state, effects] = step(this.state, input, facts);
    this.state = state;
    for (const effect of effects) this.#run(effect);
    if (state.shown !== before) this.#trace.push(state.shown);
    return this;
  }

  on(on: "connect" | "disconnect" | "restart" | "back" | "lost"): this {
    return this.give({ on });
  }

  hear(event: string, data: unknown = {}, socket = Math.max(...this.sockets)): this {
    this.heardAt = this.now;
    const message: ServerMessage = { event, channel: undefined, data };
    return this.give({ on: "message", socket, message });
  }

  establish(socket?: number): this {
    return this.hear("pusher:connection_established", { socket_id: "1.1", activity_timeout: 120 }, socket);
  }

  close(code: number, socket = Math.max(...this.sockets)): this {
    this.sockets.delete(socket);
    return this.give({ on: "closed", socket, code, reason: code >= 4000 ? "why" : "" });
  }

  pass(ms: number): this {
    const end = this.now + ms;
    for (;;) {
      const next = Math.min(this.alarmAt ?? Infinity, this.unavailableAt ?? Infinity);
      if (next > end) break;
      this.now = next;
      const on = this.alarmAt === next ? "alarm" : "unavailable";
      if (on === "alarm") this.alarmAt = undefined;
      else this.unavailableAt = undefined;
      this.give({ on });
    }
    this.now = end;
    return this;
  }

  #run(effect: Effect): void {
    switch (effect.do) {
      case "open":
        this.sockets.add(effect.socket);
        this.#trace.push(`open ${effect.transport}`);
        return;
      case "close":
        this.sockets.delete(effect.socket);
        this.#trace.push("close");
        return;
      case "clear":
        for (const socket of this.sockets) {
          if (socket === effect.keep) continue;
          this.sockets.delete(socket);
          this.#trace.push("close");
        }
        this.alarmAt = undefined;
        if (this.state.shown !== "connecting") this.unavailableAt = undefined;
        return;
      case "alarm":
        this.alarmAt = this.now + effect.ms;
        return;
      case "unavailable":
        this.unavailableAt = this.now + effect.ms;
        return;
      case "fail":
        for (const type of effect.as) {
          this.#trace.push(`error ${type} ${effect.failure.code} ${effect.failure.reason}`.trimEnd());
        }
        return;
      case "emit":
        this.#trace.push(`${effect.event} ${JSON.stringify(effect.data)}`);
        return;
      case "deliver":
        this.#trace.push(`deliver ${effect.message.event}`);
        return;
      case "ping":
      case "pong":
        this.#trace.push(effect.do);
    }
  }
}
