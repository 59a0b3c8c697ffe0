import type { Clock } from "../ports/clock.ts";

/** How long something counts as used after it was used, in milliseconds. */
const recentMs = 3_600_000;

/** Whether anybody has read figures within the last hour. What nobody reads is not counted, so that it costs nothing. */
export class RecentUse {
  readonly #clock: Pick<Clock, "after">;
  #isRecent = false;
  #forget = (): void => undefined;

  constructor(clock: Pick<Clock, "after">) {
    this.#clock = clock;
  }

  get isRecent(): boolean {
    return this.#isRecent;
  }

  /** Somebody reads figures now. */
  note(): void {
    this.#forget();
    this.#isRecent = true;
    this.#forget = this.#clock.after(recentMs, () => (this.#isRecent = false));
  }
}
