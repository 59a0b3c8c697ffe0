import type { AppId } from "@sealcast/protocol";
import type { PublishRate } from "../../../../ports/broker.ts";
import type { Clock } from "../../../../ports/clock.ts";

/** Remembers which apps have used up their second, so that Redis is not asked again for what it would refuse. */
export class UsedUpRates {
  readonly #clock: Pick<Clock, "monotonicNow">;
  readonly #refused = new Map<AppId, { readonly rate: PublishRate; readonly untilMs: number }>();

  constructor(clock: Pick<Clock, "monotonicNow">) {
    this.#clock = clock;
  }

  /** Whether this number of events, or a smaller one, was refused in this second. */
  refuses(app: AppId, { events, perSecond }: PublishRate): boolean {
    const refused = this.#refused.get(app);
    if (refused === undefined) return false;
    if (refused.untilMs > this.#clock.monotonicNow() && refused.rate.perSecond === perSecond) {
      return events >= refused.rate.events;
    }
    this.#refused.delete(app);
    return false;
  }

  /** Redis has refused these events. */
  refused(app: AppId, rate: PublishRate, waitMs: number): void {
    this.#refused.set(app, { rate, untilMs: this.#clock.monotonicNow() + waitMs });
  }
}
