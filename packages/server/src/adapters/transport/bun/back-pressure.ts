import { andThen, type Awaitable } from "../../../core/awaitable.ts";
import { inTurns, oneAtATime, type Turns } from "../../../core/turns.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Backlogged, Backlogs } from "../outbox/backlogs.ts";

/** How often links are checked while one of them holds data back, and nothing is sent. */
const sampleMs = 50;
/** Share of the time that checking many links may take. */
const maxShare = 0.05;

/**
 * Finds the WebSockets of Bun that have unsent bytes. Bun reports only that some do, so all are checked until none does.
 */
export class BunBackPressure {
  readonly #backlogs: Backlogs;
  readonly #clock: Clock;
  readonly #turns: Turns;
  readonly #links = new Set<Backlogged>();
  #sampleSoon = false;
  #pauseEndsMs = 0;
  #stopSampling: (() => void) | undefined;
  readonly #sample = oneAtATime(() => this.#checkAll());

  constructor(backlogs: Backlogs, clock: Clock, turns: Turns) {
    this.#backlogs = backlogs;
    this.#clock = clock;
    this.#turns = turns;
  }

  add(link: Backlogged): void {
    this.#links.add(link);
  }

  remove(link: Backlogged): void {
    this.#links.delete(link);
    this.#backlogs.forget(link);
  }

  /** Checks all links soon. To be called when a WebSocket could not take a message at once. */
  watch(): void {
    this.#stopSampling ??= this.#clock.every(sampleMs, this.#sample);
    if (this.#sampleSoon || this.#clock.monotonicNow() < this.#pauseEndsMs) return;
    this.#sampleSoon = true;
    setImmediate(this.#sample);
  }

  #checkAll(): Awaitable<void> {
    this.#sampleSoon = false;
    const startMs = this.#clock.monotonicNow();
    let held = 0;
    const checked = inTurns(this.#turns, this.#links, (link) => {
      if (link.unsentBytes() === 0 && !this.#backlogs.has(link)) return;
      held += 1;
      this.#backlogs.note(link);
    });
    return andThen(checked, () => {
      const endMs = this.#clock.monotonicNow();
      this.#pauseEndsMs = endMs + (endMs - startMs) / maxShare;
      if (held > 0 || this.#sampleSoon) return;
      this.#stopSampling?.();
      this.#stopSampling = undefined;
    });
  }
}
