/** Failed attempts that an address may make within the period. */
const mostFailures = 10;
const periodMs = 60_000;
/** Addresses that are remembered; the oldest are forgotten first. */
const mostAddresses = 10_000;

/**
 * Limits failed sign-ins: 10 a minute for each address. Passwords are slow to check, so attempts that are under way
 * count, too.
 */
export class SignInLimit {
  readonly #attempts = new Map<string, { count: number; untilMs: number }>();

  /** Counts an attempt; returns how many milliseconds the address has to wait first, or 0. */
  begin(address: string, nowMs: number): number {
    const earlier = this.#attempts.get(address);
    if (earlier === undefined || earlier.untilMs <= nowMs) {
      this.#attempts.delete(address);
      this.#attempts.set(address, { count: 1, untilMs: nowMs + periodMs });
      this.#forgetOldest();
      return 0;
    }
    if (earlier.count >= mostFailures) return earlier.untilMs - nowMs;
    earlier.count += 1;
    return 0;
  }

  /** Takes back an attempt that was successful. */
  succeeded(address: string): void {
    const earlier = this.#attempts.get(address);
    if (earlier !== undefined) earlier.count -= 1;
  }

  #forgetOldest(): void {
    if (this.#attempts.size <= mostAddresses) return;
    const [oldest] = this.#attempts.keys();
    if (oldest !== undefined) this.#attempts.delete(oldest);
  }
}
