import { closeReasons } from "@sealcast/protocol";
import type { Clock } from "../ports/clock.ts";
import type { Hub } from "./hub.ts";

/** How often a drain closes a share of the connections, in milliseconds. */
const stepMs = 50;

/** Closes all connections with "reconnect at once", evenly over `seconds`, so that they do not come back as one wave. */
export function drain(hub: Hub, clock: Clock, seconds: number): Promise<void> {
  const steps = Math.max(1, Math.ceil((seconds * 1_000) / stepMs));
  const share = Math.ceil(hub.connections.size / steps);
  return new Promise((resolve) => {
    const step = (): void => {
      let left = share;
      for (const connection of hub.connections.values()) {
        if (left === 0) break;
        connection.close(closeReasons.shuttingDown);
        left -= 1;
      }
      if (hub.connections.size === 0) resolve();
      else clock.after(stepMs, step);
    };
    step();
  });
}
