import type { OperatorIdentity } from "../core/operators/operator-account.ts";

/** How long a session lasts after its last request, in milliseconds. */
const idleMs = 12 * 60 * 60 * 1_000;
/** How long a session of single sign-on lasts at most: then the provider is asked again whether the user may sign in. */
const maxSignedOnMs = 12 * 60 * 60 * 1_000;
/** Sessions that are kept; the oldest end first. */
const maxSessions = 1_000;

/** One sign-in of an operator. */
export interface OperatorSession {
  readonly operator: OperatorIdentity;
  /** Must come back in a header with every change, so that no other site can cause one. */
  readonly token: string;
  /** Where the browser goes after it has signed out; undefined: back to the console. */
  readonly endUrl: string | undefined;
}

/** The operators who are signed in, by the secret in their cookie. */
export class OperatorSessions {
  readonly #randomText: () => string;
  readonly #sessions = new Map<string, OperatorSession & { expiresMs: number; readonly endsMs: number }>();

  /** @param randomText makes an unguessable text. */
  constructor(randomText: () => string) {
    this.#randomText = randomText;
  }

  /**
   * Begins a session and returns the secret for its cookie.
   *
   * @param signedOn for single sign-on: where the browser goes at the end.
   */
  begin(operator: OperatorIdentity, nowMs: number, signedOn?: Pick<OperatorSession, "endUrl">): string {
    const secret = this.#randomText();
    const endsMs = signedOn === undefined ? Number.POSITIVE_INFINITY : nowMs + maxSignedOnMs;
    this.#sessions.set(secret, {
      operator,
      token: this.#randomText(),
      endUrl: signedOn?.endUrl,
      expiresMs: nowMs + idleMs,
      endsMs,
    });
    if (this.#sessions.size > maxSessions) {
      const [oldest] = this.#sessions.keys();
      if (oldest !== undefined) this.#sessions.delete(oldest);
    }
    return secret;
  }

  /** The session of a cookie, if it is still valid. */
  find(secret: string, nowMs: number): OperatorSession | undefined {
    const session = this.#sessions.get(secret);
    if (session === undefined) return undefined;
    if (Math.min(session.expiresMs, session.endsMs) <= nowMs) {
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
