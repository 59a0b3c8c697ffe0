import type { AppId } from "@sealcast/protocol";
import { RateWindow } from "../../core/connections/rate.ts";
import type { PublishRate } from "../../ports/broker.ts";
import type { Clock } from "../../ports/clock.ts";

/** Counts the published events of each app towards its rate. */
export class PublishRates {
  readonly #clock: Pick<Clock, "monotonicNow">;
  readonly #windows = new Map<AppId, { readonly perSecond: number; readonly window: RateWindow }>();

  constructor(clock: Pick<Clock, "monotonicNow">) {
    this.#clock = clock;
  }

  /** Counts events; false, and nothing is counted, if they exceed the rate. */
  take(app: AppId, { events, perSecond }: PublishRate): boolean {
    let rate = this.#windows.get(app);
    if (rate?.perSecond !== perSecond) {
      rate = { perSecond, window: new RateWindow(perSecond) };
      this.#windows.set(app, rate);
    }
    return rate.window.take(this.#clock.monotonicNow(), events);
  }
}
