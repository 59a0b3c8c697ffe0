import type { AppId } from "@sealcast/protocol";
import type { App } from "../core/app.ts";
import { RateWindow } from "../core/rate.ts";
import type { Clock } from "../ports/clock.ts";

/** Counts the published events of each app towards its `publishesPerSecond`. */
export class PublishRates {
  readonly #clock: Clock;
  readonly #windows = new Map<AppId, { readonly perSecond: number; readonly window: RateWindow }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts events; false, and nothing is counted, if they exceed the app's rate. */
  take(app: App, events: number): boolean {
    if (app.publishesPerSecond === 0) return true;
    let rate = this.#windows.get(app.id);
    if (rate?.perSecond !== app.publishesPerSecond) {
      rate = { perSecond: app.publishesPerSecond, window: new RateWindow(app.publishesPerSecond) };
      this.#windows.set(app.id, rate);
    }
    return rate.window.take(this.#clock.monotonicNow(), events);
  }
}
