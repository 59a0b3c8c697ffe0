/** Counts what happens within one second and says when it is too much. */
export class RateWindow {
  readonly #perSecond: number;
  #startedMs = -Infinity;
  #count = 0;

  /** @param perSecond most events in one second; 0: no limit. */
  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /**
   * Whether `amount` more fit into the second that `nowMs` falls in; if so, they are counted. An amount above the limit
   * fits into a second of its own, as it would never fit otherwise.
   *
   * @param nowMs time of a monotonic clock.
   */
  take(nowMs: number, amount = 1): boolean {
    if (this.#perSecond === 0) return true;
    if (nowMs - this.#startedMs >= 1_000) {
      this.#startedMs = nowMs;
      this.#count = 0;
    }
    if (this.#count > 0 && this.#count + amount > this.#perSecond) return false;
    this.#count += amount;
    return true;
  }
}
