import type { Clock } from "../ports/clock.ts";

/** Resolves after a time in milliseconds. */
export function pause(clock: Pick<Clock, "after">, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve);
  });
}
