import type { Clock } from "../../../ports/clock.ts";

/** Time in which the same report is passed on once, in milliseconds. */
const intervalMs = 60_000;

/** Passes on the first of equal reports, and then their number at most once per minute: a fault of Redis repeats with every request. */
export class RepeatedReports {
  readonly #clock: Clock;
  readonly #pass: (event: string, fields: { readonly reason: string; readonly repeated?: number }) => void;
  readonly #counts = new Map<string, number>();

  constructor(
    clock: Clock,
    pass: (event: string, fields: { readonly reason: string; readonly repeated?: number }) => void,
  ) {
    this.#clock = clock;
    this.#pass = pass;
  }

  report(event: string, reason: string): void {
    const known = this.#counts.get(event);
    if (known !== undefined) {
      this.#counts.set(event, known + 1);
      return;
    }
    this.#counts.set(event, 0);
    this.#pass(event, { reason });
    this.#clock.after(intervalMs, () => {
      const repeated = this.#counts.get(event) ?? 0;
      this.#counts.delete(event);
      if (repeated > 0) this.#pass(event, { reason, repeated });
    });
  }
}
