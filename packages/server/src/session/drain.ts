import { closeReasons } from "@sealcast/protocol";
import type { Clock } from "../ports/clock.ts";
import type { Hub } from "./hub.ts";

/** How often a drain closes a share of the connections, in milliseconds. */
const stepMs = 50;
/** How long the last clients have to come back, to another server or to be held here, in milliseconds. */
const returnMs = 1_000;

/**
 * Closes all connections with "reconnect at once", evenly over `seconds`, so that they do not come back as one wave. Resolves
 * when they are closed and the last ones have had time to come back.
 */
export function drain(hub: Hub, clock: Pick<Clock, "after">, seconds: number): Promise<void> {
  if (hub.connections.size === 0) return Promise.resolve();
  const steps = Math.max(1, Math.ceil((seconds * 1_000) / stepMs));
  const share = Math.ceil(hub.connections.size / steps);
  return new Promise((resolve) => {
    const step = (): void => {
      closeSome(hub, share);
      if (hub.connections.size > 0) clock.after(stepMs, step);
      else if (seconds > 0) clock.after(returnMs, resolve);
      else resolve();
    };
    step();
  });
}

function closeSome(hub: Hub, most: number): void {
  let left = most;
  for (const connection of hub.connections.values()) {
    if (left === 0) return;
    connection.close(closeReasons.shuttingDown);
    left -= 1;
  }
}
