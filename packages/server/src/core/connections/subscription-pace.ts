const secondMs = 1_000;

/**
 * Spreads the repeated subscriptions of one connection over time. A subscription may be announced to all subscribers of its
 * channel, so a client that joins and leaves without end would cost others far more than itself. Only subscriptions that
 * take the place of an ended one count: a client that reconnects subscribes to all its channels at once.
 */
export class SubscriptionPace {
  readonly #perSecond: number;
  /** Places that were given up and not taken again. */
  #vacant = 0;
  /** When the next subscription may begin, if a full second's worth of them began before. */
  #nextMs = -Infinity;

  /** @param perSecond repeated subscriptions in one second; 0: no limit. */
  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** Records that a subscription has ended. */
  ended(): void {
    this.#vacant += 1;
  }

  /**
   * Takes one subscription. Returns how long it has to wait, in milliseconds.
   *
   * @param nowMs time of a monotonic clock.
   */
  take(nowMs: number): number {
    if (this.#perSecond === 0 || this.#vacant === 0) return 0;
    this.#vacant -= 1;
    this.#nextMs = Math.max(this.#nextMs, nowMs - secondMs) + secondMs / this.#perSecond;
    return Math.max(0, this.#nextMs - nowMs);
  }
}
