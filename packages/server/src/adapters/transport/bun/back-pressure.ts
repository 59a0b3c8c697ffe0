import type { Backlogged, Backlogs } from "../outbox/backlogs.ts";

/** How often links are checked while one of them holds data back, and nothing is sent. */
const sampleMs = 50;
/** Share of the time that checking many links may take. */
const maxShare = 0.05;

/**
 * Finds the WebSockets of Bun that hold bytes back. Bun tells only that some do, so all are checked until none does.
 */
export class BunBackPressure {
  readonly #backlogs: Backlogs;
  readonly #links = new Set<Backlogged>();
  #sampleSoon = false;
  #pauseEndsMs = 0;
  #sampling: NodeJS.Timeout | undefined;

  constructor(backlogs: Backlogs) {
    this.#backlogs = backlogs;
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
    this.#sampling ??= setInterval(() => this.#sample(), sampleMs).unref();
    if (this.#sampleSoon || performance.now() < this.#pauseEndsMs) return;
    this.#sampleSoon = true;
    setImmediate(() => this.#sample());
  }

  #sample(): void {
    this.#sampleSoon = false;
    const startMs = performance.now();
    let held = 0;
    for (const link of this.#links) {
      if (link.unsentBytes() === 0 && !this.#backlogs.has(link)) continue;
      held += 1;
      this.#backlogs.note(link);
    }
    const endMs = performance.now();
    this.#pauseEndsMs = endMs + (endMs - startMs) / maxShare;
    if (held > 0) return;
    clearInterval(this.#sampling);
    this.#sampling = undefined;
  }
}
