import type { SenderStamp } from "@sealcast/crypto/sealed";
import type { Platform } from "../platform.ts";

/** Most channels whose sessions are remembered. A forgotten one starts again with a new session, which receivers accept. */
const maxSessions = 10_000;

interface Session {
  readonly id: Uint8Array;
  seq: number;
  sentMs: number;
}

/** Numbers the events of each channel, so that receivers recognize replays and gaps. */
export class SenderSessions {
  /** The channel that was used last is last. */
  readonly #sessions = new Map<string, Session>();
  readonly #platform: Platform;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** Returns the stamp of the next event on a channel. */
  next(channel: string): SenderStamp {
    const session = this.#sessions.get(channel) ?? { id: this.#platform.randomBytes(8), seq: 0, sentMs: 0 };
    session.seq += 1;
    session.sentMs = Math.max(session.sentMs, this.#platform.now());
    this.#sessions.delete(channel);
    this.#sessions.set(channel, session);
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size > maxSessions && oldest !== undefined) this.#sessions.delete(oldest);
    return { session: session.id, seq: session.seq, sentMs: session.sentMs };
  }
}
