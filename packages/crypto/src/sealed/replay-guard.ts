/** What identifies an event for the guard. */
export interface ReceivedStamp {
  /** Session of the sender, as base64url. */
  readonly session: string;
  /** Number of the event in its session. */
  readonly seq: number;
  /** Time of the sender in Unix milliseconds. */
  readonly sentMs: number;
}

/** The decision about an event. */
export type ReplayDecision =
  | {
      readonly ok: true;
      /** How many events of the session are missing between this event and the newest event accepted before it. */
      readonly gap: number;
      /** Whether a newer event of the session came before this one. */
      readonly late: boolean;
    }
  /** `replay`: seen before, or too old for the window. `stale`: sent before the subscription. */
  | { readonly ok: false; readonly reason: "replay" | "stale" };

/** Refuses events that were received before. */
export interface ReplayGuard {
  /**
   * Decides whether to accept an event, and remembers it if so. Call it only for authentic events.
   *
   * @param isOld whether the event may be older than the subscription: a cached event, or history.
   */
  accept(stamp: ReceivedStamp, isOld?: boolean): ReplayDecision;
}

interface Session {
  newestSeq: number;
  newestMs: number;
  /** The newest number and those below it: bit n is set if `newestSeq - n` was accepted. */
  window: bigint;
}

const windowBits = 128;
const windowMask = (1n << BigInt(windowBits)) - 1n;

/**
 * Creates a replay guard for one channel and one kind of event. It never accepts an event twice, in any order,
 * even after it forgets a session. It accepts an event the first time if the event is within the window and not older than
 * the floor. It does not read a clock.
 *
 * @param floorMs time before which events are stale, in Unix milliseconds: the time of the subscription on the server's
 * clock minus the accepted clock skew.
 * @param maxSessions how many sessions it remembers. Default 4,096. Beyond that it forgets the session whose newest
 * event is oldest. It then refuses late events, and events of sessions that it does not know, that are not newer than that event.
 * @example
 * const guard = createReplayGuard(serverNowMs - 60_000);
 * guard.accept({ session: "a", seq: 1, sentMs: serverNowMs }); // { ok: true, gap: 0, late: false }
 * guard.accept({ session: "a", seq: 1, sentMs: serverNowMs }); // { ok: false, reason: "replay" }
 */
export function createReplayGuard(floorMs: number, maxSessions = 4_096): ReplayGuard {
  const sessions = new Map<string, Session>();
  /** Below this time, an event may belong to a forgotten session. This limit also applies if `isOld` is true. */
  let forgottenBeforeMs = -Infinity;

  const acceptKnown = (session: Session, { seq, sentMs }: ReceivedStamp, minMs: number): ReplayDecision => {
    const ahead = seq - session.newestSeq;
    if (ahead > 0) {
      session.window = ahead < windowBits ? ((session.window << BigInt(ahead)) | 1n) & windowMask : 1n;
      session.newestSeq = seq;
      session.newestMs = Math.max(session.newestMs, sentMs);
      return { ok: true, gap: ahead - 1, late: false };
    }
    if (-ahead >= windowBits) return { ok: false, reason: "replay" };
    const bit = 1n << BigInt(-ahead);
    if ((session.window & bit) !== 0n) return { ok: false, reason: "replay" };
    if (sentMs < minMs) return { ok: false, reason: "stale" };
    session.window |= bit;
    session.newestMs = Math.max(session.newestMs, sentMs);
    return { ok: true, gap: 0, late: true };
  };

  const forgetOldest = (): void => {
    const [oldest] = [...sessions].reduce((a, b) => (b[1].newestMs < a[1].newestMs ? b : a));
    forgottenBeforeMs = Math.max(forgottenBeforeMs, (sessions.get(oldest)?.newestMs ?? 0) + 1);
    sessions.delete(oldest);
  };

  return {
    accept(stamp, isOld = false) {
      const minMs = isOld ? forgottenBeforeMs : Math.max(floorMs, forgottenBeforeMs);
      const known = sessions.get(stamp.session);
      if (known !== undefined) return acceptKnown(known, stamp, minMs);
      if (stamp.sentMs < minMs) return { ok: false, reason: "stale" };
      sessions.set(stamp.session, { newestSeq: stamp.seq, newestMs: stamp.sentMs, window: 1n });
      if (sessions.size > maxSessions) forgetOldest();
      return { ok: true, gap: 0, late: false };
    },
  };
}
