import type { OperatorAccount } from "../core/operator-account.ts";

/** How long a session lasts after its last request, in milliseconds. */
const idleMs = 12 * 60 * 60 * 1_000;
/** Sessions that are kept; the oldest end first. */
const mostSessions = 1_000;

/** One sign-in of an operator. */
export interface OperatorSession {
  readonly operator: OperatorAccount;
  /** Must come back in a header with every change, so that no other site can cause one. */
  readonly token: string;
}

/** The operators who are signed in, by the secret in their cookie. */
export class OperatorSessions {
  readonly #randomText: () => string;
  readonly #sessions = new Map<string, OperatorSession & { expiresMs: number }>();

  /** @param randomText makes an unguessable text. */
  constructor(randomText: () => string) {
    this.#randomText = randomText;
  }

  /** Begins a session and returns the secret for its cookie. */
  begin(operator: OperatorAccount, nowMs: number): string {
    const secret = this.#randomText();
    this.#sessions.set(secret, { operator, token: this.#randomText(), expiresMs: nowMs + idleMs });
    if (this.#sessions.size > mostSessions) {
      const [oldest] = this.#sessions.keys();
      if (oldest !== undefined) this.#sessions.delete(oldest);
    }
    return secret;
  }

  /** The session of a cookie, if it is still valid. */
  find(secret: string, nowMs: number): OperatorSession | undefined {
    const session = this.#sessions.get(secret);
    if (session === undefined) return undefined;
    if (session.expiresMs <= nowMs) {
      this.#sessions.delete(secret);
      return undefined;
    }
    session.expiresMs = nowMs + idleMs;
    return session;
  }

  end(secret: string): void {
    this.#sessions.delete(secret);
  }
}
