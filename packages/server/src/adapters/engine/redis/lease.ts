import type { Clock } from "../../../ports/clock.ts";
import type { Keys } from "./keys.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { listOf, textOf } from "./reply.ts";
import { endScript, renewScript } from "./scripts/lease-scripts.ts";

/** What a lease reports. */
export interface LeaseEvents {
  /** Renewed. `dataLost`: Redis has lost its data since the last time. `dead`: nodes that this one has to clean up after. */
  renewed(dataLost: boolean, dead: readonly string[]): void;
  /** Others regard this node as dead. It needs another name. */
  lost(): void;
  failed(): void;
}

/** The right of a node to hold connections in Redis, renewed three times per length. */
export class Lease {
  readonly #connection: RedisConnection;
  readonly #keys: Keys;
  readonly #clock: Clock;
  readonly #lengthMs: number;
  readonly #events: LeaseEvents;
  #stop: (() => void) | undefined;
  #mark = "";

  constructor(connection: RedisConnection, keys: Keys, clock: Clock, lengthMs: number, events: LeaseEvents) {
    this.#connection = connection;
    this.#keys = keys;
    this.#clock = clock;
    this.#lengthMs = lengthMs;
    this.#events = events;
  }

  /** Renews from now on, again and again. */
  start(node: () => string): void {
    this.#stop = this.#clock.every(this.#lengthMs / 3, () => void this.renew(node(), false));
  }

  /** @param isFirst whether the node begins; otherwise a lease that has ended is not renewed. */
  async renew(node: string, isFirst: boolean): Promise<boolean> {
    try {
      const args = [node, String(this.#lengthMs), String(this.#lengthMs * 3), isFirst ? "first" : "", node];
      const [state, mark, ...dead] = listOf(await this.#connection.run(renewScript, this.#keys.nodes, args)).map(
        textOf,
      );
      const dataLost = this.#mark !== "" && mark !== this.#mark;
      this.#mark = mark ?? "";
      if (state === "lost") this.#events.lost();
      else this.#events.renewed(dataLost, dead);
      return state === "held";
    } catch {
      this.#events.failed();
      return false;
    }
  }

  stop(): void {
    this.#stop?.();
  }

  /** Gives the lease back. */
  async end(node: string): Promise<void> {
    await this.#connection.run(endScript, this.#keys.nodes, [node]);
  }
}
