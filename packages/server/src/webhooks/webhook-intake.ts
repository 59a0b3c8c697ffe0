import { errorLocation } from "../core/errors/error-location.ts";
import type { WebhookOffer } from "../core/webhooks/webhook-offer.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";

/** Characters of events that may wait for the dispatcher. Our choice: more than a busy server makes in a second. */
const maxWaitingLength = 16_777_216;
const retryMs = 1_000;

/**
 * Collects offers and hands them over in batches, one batch at a time: offers that come while a batch is being stored go into
 * the next one. `add` only puts an offer into a list: it waits neither for the disk nor for another thread.
 */
export class WebhookIntake {
  readonly #accept: (offers: readonly WebhookOffer[]) => Promise<void>;
  readonly #clock: Clock;
  readonly #log: Log;
  #waiting: WebhookOffer[] = [];
  #waitingLength = 0;
  #added = 0;
  /** Resolves when everything that waits was handed over. */
  #handover: Promise<void> | undefined;
  #isClosed = false;

  constructor(accept: (offers: readonly WebhookOffer[]) => Promise<void>, clock: Clock, log: Log) {
    this.#accept = accept;
    this.#clock = clock;
    this.#log = log;
  }

  add(offer: WebhookOffer): void {
    this.#added += 1;
    // The answer to a hand-over may be lost: offers of that batch are then offered again, under the same number.
    this.#waiting.push({ ...offer, number: this.#added });
    this.#waitingLength += lengthOf(offer);
    if (this.#waitingLength > maxWaitingLength) this.#discardHalf();
    this.#handover ??= this.#handOver();
  }

  /** Resolves when everything that was added was handed over. */
  async settled(): Promise<void> {
    await this.#handover;
  }

  /** Stops trying to hand over what the dispatcher does not take. */
  close(): void {
    this.#isClosed = true;
  }

  async #handOver(): Promise<void> {
    // Offers of the same turn of the event loop go into the same batch.
    await this.#pause(1);
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      this.#waitingLength = 0;
      try {
        await this.#accept(batch);
      } catch (error) {
        this.#log.error("webhook.queue_failed", { where: errorLocation(error), events: batch.length });
        if (this.#isClosed) break;
        this.#waiting = [...batch, ...this.#waiting];
        this.#waitingLength = this.#waiting.reduce((sum, offer) => sum + lengthOf(offer), 0);
        await this.#pause(retryMs);
      }
    }
    this.#handover = undefined;
  }

  /** Discards the older half: one by one would take a long time for each. */
  #discardHalf(): void {
    const events = Math.ceil(this.#waiting.length / 2);
    this.#waiting = this.#waiting.slice(events);
    this.#waitingLength = this.#waiting.reduce((sum, offer) => sum + lengthOf(offer), 0);
    this.#log.error("webhook.lost", { events, reason: "the queue does not keep up" });
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.after(ms, resolve);
    });
  }
}

function lengthOf({ event, opposite }: WebhookOffer): number {
  return event.text.length + (opposite?.text.length ?? 0);
}
