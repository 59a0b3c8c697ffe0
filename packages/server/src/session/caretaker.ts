import { closeReasons } from "@sealcast/protocol";
import type { AppStore } from "../ports/app-store.ts";
import type { Clock } from "../ports/clock.ts";
import type { Hub } from "./hub.ts";

const tickMs = 1_000;
/** How often a drain closes a share of the connections, in milliseconds. */
const drainStepMs = 50;

/** Looks at every connection once a second: one timer for all pings and time-outs. Gives what stops it. */
export function watchOver(hub: Hub, clock: Clock): () => void {
  return clock.every(tickMs, () => {
    const now = clock.monotonicNow();
    for (const session of hub.sessions.values()) session.tick(now);
  });
}

/** Closes the connections of apps that are gone or disabled, with what the door tells those who come now. */
export function closeStranded(hub: Hub, apps: AppStore): void {
  for (const session of hub.sessions.values()) {
    const app = apps.byId(session.app.id);
    if (app === undefined) session.close(closeReasons.appNotFound);
    else if (!app.enabled) session.close(closeReasons.appDisabled);
  }
}

/** Closes all connections with "reconnect at once", evenly over `seconds`, so that they do not come back as one wave. */
export function drain(hub: Hub, clock: Clock, seconds: number): Promise<void> {
  const steps = Math.max(1, Math.ceil((seconds * 1_000) / drainStepMs));
  const share = Math.ceil(hub.sessions.size / steps);
  return new Promise((resolve) => {
    const step = (): void => {
      let left = share;
      for (const session of hub.sessions.values()) {
        if (left === 0) break;
        session.close(closeReasons.shuttingDown);
        left -= 1;
      }
      if (hub.sessions.size === 0) resolve();
      else clock.after(drainStepMs, step);
    };
    step();
  });
}
