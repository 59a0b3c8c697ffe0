import { inTurns, oneAtATime, type Turns } from "../core/turns.ts";
import type { Clock } from "../ports/clock.ts";
import type { Hub } from "./hub.ts";

const tickMs = 1_000;

/**
 * Checks every connection once a second: one timer for all pings and time-outs. Returns a function that stops it.
 */
export function startLivenessTimer(hub: Hub, clock: Clock, turns: Turns): () => void {
  const check = oneAtATime(() => {
    const now = clock.monotonicNow();
    return inTurns(turns, hub.connections.values(), (connection) => connection.tick(now));
  });
  return clock.every(tickMs, check);
}
