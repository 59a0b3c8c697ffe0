import type { Delivery } from "../ports/broker.ts";

/** Most events that wait for one subscription, and most characters of them together. */
const maxDeliveries = 1_000;
const maxLength = 1_048_576;

/** What is published to a channel while a new subscriber has not yet said which events it has missed. */
export class HeldDeliveries {
  readonly #deliveries: Delivery[] = [];
  readonly #full: () => void;
  #length = 0;

  /** @param full is called when no more deliveries may wait. */
  constructor(full: () => void) {
    this.#full = full;
  }

  /** In the order of delivery. */
  get deliveries(): readonly Delivery[] {
    return this.#deliveries;
  }

  add(delivery: Delivery): void {
    this.#deliveries.push(delivery);
    this.#length += delivery.message.length;
    if (this.#deliveries.length >= maxDeliveries || this.#length >= maxLength) this.#full();
  }
}
