import type { Clock } from "../ports/clock.ts";
import type { Hub } from "./hub.ts";

const tickMs = 1_000;

/**
 * Checks every connection once a second: one timer for all pings and time-outs. Returns a function that stops it.
 */
export function startLivenessTimer(hub: Hub, clock: Clock): () => void {
  return clock.every(tickMs, () => {
    const now = clock.monotonicNow();
    for (const connection of hub.connections.values()) connection.tick(now);
  });
}
