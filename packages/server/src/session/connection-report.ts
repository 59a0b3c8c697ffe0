import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Hub } from "./hub.ts";

const periodMs = 60_000;

/** Logs once a minute how many connections there are, if that changed. Returns a function that stops it. */
export function startConnectionReport(hub: Hub, clock: Pick<Clock, "every">, log: Log): () => void {
  let reported = 0;
  return clock.every(periodMs, () => {
    const connections = hub.connections.size;
    if (connections === reported) return;
    reported = connections;
    log.info("server.connections", { connections });
  });
}
