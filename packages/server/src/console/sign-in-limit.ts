import ipaddr from "ipaddr.js";

/** Failed attempts that an address may make within the period. */
const maxFailures = 10;
const periodMs = 60_000;
/** Clients that are remembered; the oldest are forgotten first. */
const maxClients = 10_000;

/**
 * Limits failed sign-ins: 10 a minute for each client. Passwords are slow to check, so attempts that are under way
 * count, too.
 */
export class SignInLimit {
  readonly #attempts = new Map<string, { count: number; untilMs: number }>();

  /** Counts an attempt; returns how many milliseconds the client with this address has to wait first, or 0. */
  begin(address: string, nowMs: number): number {
    const client = clientOf(address);
    const earlier = this.#attempts.get(client);
    if (earlier === undefined || earlier.untilMs <= nowMs) {
      this.#attempts.delete(client);
      this.#attempts.set(client, { count: 1, untilMs: nowMs + periodMs });
      this.#forgetOldest();
      return 0;
    }
    if (earlier.count >= maxFailures) return earlier.untilMs - nowMs;
    earlier.count += 1;
    return 0;
  }

  /** Takes back an attempt that was successful, or whose password was not checked. */
  takeBack(address: string): void {
    const earlier = this.#attempts.get(clientOf(address));
    if (earlier !== undefined) earlier.count -= 1;
  }

  #forgetOldest(): void {
    if (this.#attempts.size <= maxClients) return;
    const [oldest] = this.#attempts.keys();
    if (oldest !== undefined) this.#attempts.delete(oldest);
  }
}

/** Names what one client can have many addresses of: an IPv4 address, or an IPv6 network of 64 bits. */
function clientOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed.kind() === "ipv4" ? parsed.toString() : parsed.toByteArray().slice(0, 8).join(".");
}
