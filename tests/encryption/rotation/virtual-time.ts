/** Time that passes only as fast as the work in it is done. */
export class VirtualTime {
  nowMs: number;
  #timers: { readonly id: number; readonly dueMs: number; readonly run: () => void }[] = [];
  #lastId = 0;

  constructor(startMs = 1_700_000_000_000) {
    this.nowMs = startMs;
  }

  /** Runs a task later. Returns an id for {@link clear}. */
  after = (run: () => void, ms = 0): number => {
    this.#lastId += 1;
    const timer = { id: this.#lastId, dueMs: this.nowMs + Math.max(ms, 0), run };
    // Kept sorted; equal times stay in the order in which they were asked for.
    const at = this.#timers.findIndex(({ dueMs }) => dueMs > timer.dueMs);
    this.#timers.splice(at === -1 ? this.#timers.length : at, 0, timer);
    return timer.id;
  };

  clear = (id: unknown): void => {
    this.#timers = this.#timers.filter((timer) => timer.id !== id);
  };

  every = (run: () => void, ms: number): number => {
    const again = (): void => {
      run();
      this.after(again, ms);
    };
    return this.after(again, ms);
  };

  sleep = (ms: number): Promise<void> => new Promise((resolve) => void this.after(resolve, ms));

  /** Lets time pass until `untilMs`, one timer after the other, each followed by all that it set off. */
  async run(untilMs: number): Promise<void> {
    await settle();
    for (let next = this.#timers[0]; next !== undefined && next.dueMs <= untilMs; next = this.#timers[0]) {
      this.#timers.shift();
      this.nowMs = Math.max(this.nowMs, next.dueMs);
      next.run();
      await settle();
    }
    this.nowMs = untilMs;
  }
}

/** Resolves once every promise that can settle without time passing has settled. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
