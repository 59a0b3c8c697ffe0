import type { BackendFleet } from "./simulation.ts";

/** Takes a fleet from the old key to the next; `atMs` is when. */
export type RollOut = (fleet: BackendFleet, atMs: number, keys: readonly [old: string, next: string]) => void;

/** A: each backend gets the next key instead of the old one when its turn comes, within 1.5 seconds. */
export const replaceOneByOne: RollOut = (fleet, atMs, [, next]) => {
  for (const { sealcast } of fleet.backends) {
    const delayMs = atMs - fleet.time.nowMs + fleet.between(0, 1_500);
    fleet.time.after(() => sealcast.replaceRing({ ring: [{ key: next }], rotationPauseMs: 0 }), delayMs);
  }
};

/** B: every backend has both keys; each begins to use the next one when its turn comes, within 1.5 seconds. */
export const promoteOneByOne: RollOut = (fleet, atMs, [old, next]) => {
  for (const { sealcast } of fleet.backends) {
    const from = Math.round(atMs + fleet.between(0, 1_500));
    sealcast.replaceRing({ ring: [{ key: old }, { key: next, from }], rotationPauseMs: 0 });
  }
};

/** C, D, E: every backend has both keys and one instant. */
export const switchAtOneInstant =
  (rotationPauseMs: number): RollOut =>
  (fleet, atMs, [old, next]) => {
    for (const { sealcast } of fleet.backends) {
      sealcast.replaceRing({ ring: [{ key: old }, { key: next, from: atMs }], rotationPauseMs });
    }
  };
