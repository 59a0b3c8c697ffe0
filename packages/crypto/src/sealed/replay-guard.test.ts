import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createReplayGuard, type ReceivedStamp } from "./replay-guard.ts";

const event = fc.record({
  session: fc.constantFrom("a", "b", "c", "d", "e"),
  seq: fc.integer({ min: 1, max: 400 }),
  isOld: fc.boolean(),
});
/** A sender's clock never goes back, and each session has its own offset. */
const stamped = ({ session, seq }: { session: string; seq: number }): ReceivedStamp => ({
  session,
  seq,
  sentMs: 1_000 + session.charCodeAt(0) * 10 + seq * 3,
});

describe("[SEAL7] replay guard", () => {
  test.each([1, 2, 3, 4_096])("accepts no event twice, in any order and with %i sessions remembered", (maxSessions) => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 300 }), fc.nat({ max: 4_000 }), (events, floorMs) => {
        const guard = createReplayGuard(floorMs, maxSessions);
        const accepted = new Set<string>();
        for (const each of events) {
          if (!guard.accept(stamped(each), each.isOld).ok) continue;
          const id = `${each.session} ${each.seq}`;
          expect(accepted.has(id)).toBe(false);
          accepted.add(id);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("accepts every event once inside the window and above the floor", () => {
    const seqs = fc.shuffledSubarray(Array.from({ length: 128 }, (_, index) => index + 1));
    fc.assert(
      fc.property(seqs, (order) => {
        const guard = createReplayGuard(0);
        expect(order.map((seq) => guard.accept({ session: "a", seq, sentMs: seq }).ok)).toEqual(order.map(() => true));
        expect(order.some((seq) => guard.accept({ session: "a", seq, sentMs: seq }).ok)).toBe(false);
      }),
    );
  });

  test("forgets the session whose last event is oldest, whichever came first", () => {
    const guard = createReplayGuard(0, 2);
    const accept = (session: string, sentMs: number, seq = 1): unknown => guard.accept({ session, seq, sentMs }).ok;
    expect([accept("busy", 100), accept("idle", 10), accept("new", 50)]).toEqual([true, true, true]);
    // "idle" is forgotten, and what is not newer than its last event is refused; "busy" is still known.
    expect([accept("other", 10), guard.accept({ session: "busy", seq: 1, sentMs: 100 })]).toEqual([
      false,
      { ok: false, reason: "replay" },
    ]);
    expect(accept("other", 11)).toBe(true);
  });

  test("reports gaps and late events", () => {
    const guard = createReplayGuard(0);
    const accept = (seq: number): unknown => guard.accept({ session: "a", seq, sentMs: 1 });
    expect(accept(1)).toEqual({ ok: true, gap: 0, late: false });
    expect(accept(2)).toEqual({ ok: true, gap: 0, late: false });
    expect(accept(6)).toEqual({ ok: true, gap: 3, late: false });
    expect(accept(4)).toEqual({ ok: true, gap: 0, late: true });
    expect(accept(4)).toEqual({ ok: false, reason: "replay" });
    expect(accept(6 + 1_000)).toEqual({ ok: true, gap: 999, late: false });
    expect(accept(6 + 1_000 - 127)).toEqual({ ok: true, gap: 0, late: true });
    expect(accept(6 + 1_000 - 128)).toEqual({ ok: false, reason: "replay" });
  });

  test.each([127, 128, 129])("keeps its window when a session jumps ahead by %i", (jump) => {
    const guard = createReplayGuard(0);
    guard.accept({ session: "a", seq: 1, sentMs: 1 });
    expect(guard.accept({ session: "a", seq: 1 + jump, sentMs: 1 })).toEqual({ ok: true, gap: jump - 1, late: false });
    expect(guard.accept({ session: "a", seq: 1, sentMs: 1 })).toEqual({ ok: false, reason: "replay" });
    expect(guard.accept({ session: "a", seq: 2, sentMs: 1 }).ok).toBe(jump <= 128);
  });

  test("refuses late events below the floor, unless they may be old", () => {
    const guard = createReplayGuard(100);
    expect(guard.accept({ session: "a", seq: 5, sentMs: 100 }).ok).toBe(true);
    expect(guard.accept({ session: "a", seq: 4, sentMs: 99 })).toEqual({ ok: false, reason: "stale" });
    expect(guard.accept({ session: "a", seq: 4, sentMs: 99 }, true)).toEqual({ ok: true, gap: 0, late: true });
    expect(guard.accept({ session: "a", seq: 3, sentMs: 100 })).toEqual({ ok: true, gap: 0, late: true });
  });

  test("forgets the session with the oldest last event, and refuses what is not newer", () => {
    const guard = createReplayGuard(0, 2);
    guard.accept({ session: "a", seq: 1, sentMs: 10 });
    guard.accept({ session: "b", seq: 1, sentMs: 5 });
    guard.accept({ session: "b", seq: 2, sentMs: 20 });
    guard.accept({ session: "c", seq: 1, sentMs: 15 });
    // "a" is forgotten: its last event was at 10.
    for (const isOld of [false, true]) {
      expect(guard.accept({ session: "a", seq: 1, sentMs: 10 }, isOld)).toEqual({ ok: false, reason: "stale" });
    }
    expect(guard.accept({ session: "b", seq: 1, sentMs: 5 })).toEqual({ ok: false, reason: "replay" });
    expect(guard.accept({ session: "a", seq: 2, sentMs: 11 }).ok).toBe(true);
  });

  test("accepts no event of a forgotten session again, although a late one had a later time", () => {
    const guard = createReplayGuard(0, 1);
    guard.accept({ session: "a", seq: 2, sentMs: 10 });
    guard.accept({ session: "a", seq: 1, sentMs: 50 });
    guard.accept({ session: "b", seq: 1, sentMs: 60 });
    expect(guard.accept({ session: "a", seq: 1, sentMs: 50 })).toEqual({ ok: false, reason: "stale" });
  });

  test("remembers 4,096 sessions", () => {
    const guard = createReplayGuard(0);
    for (let index = 0; index < 4_096; index += 1) guard.accept({ session: `${index}`, seq: 1, sentMs: index });
    expect(guard.accept({ session: "0", seq: 1, sentMs: 0 })).toEqual({ ok: false, reason: "replay" });
    guard.accept({ session: "one more", seq: 1, sentMs: 9_999 });
    expect(guard.accept({ session: "0", seq: 1, sentMs: 0 })).toEqual({ ok: false, reason: "stale" });
    expect(guard.accept({ session: "1", seq: 1, sentMs: 1 })).toEqual({ ok: false, reason: "replay" });
  });
});
