import { closeReasons, type CloseReason } from "@sealcast/protocol";
import { andThen, inBackground, type Awaitable } from "../core/awaitable.ts";
import { inTurns, type Turns } from "../core/turns.ts";
import type { Clock } from "../ports/clock.ts";
import type { Hub } from "./hub.ts";
import type { LocalConnection } from "./local-connection.ts";

/** How often a drain closes a share of the connections, in milliseconds. */
const stepMs = 50;
/** How long the last clients have to come back, to another server or to be held here, in milliseconds. */
const returnMs = 1_000;

/**
 * Closes all connections, evenly over `seconds`, so that they do not come back as one wave. Resolves when they are closed and
 * the last ones have had time to come back. Clients reconnect at once, except if `seconds` is 0: then nothing
 * listens when they do, and official clients stay away for 15 seconds after a refused attempt.
 */
export function drain(hub: Hub, clock: Pick<Clock, "after">, turns: Turns, seconds: number): Promise<void> {
  if (hub.connections.size === 0) return Promise.resolve();
  const steps = Math.max(1, Math.ceil((seconds * 1_000) / stepMs));
  const reason = seconds > 0 ? closeReasons.shuttingDown : closeReasons.draining;
  const share = Math.ceil(hub.connections.size / steps);
  return new Promise((resolve, reject) => {
    const step = (): void => inBackground(andThen(closeSome(hub, turns, share, reason), wait), reject);
    const wait = (): void => {
      if (hub.connections.size > 0) clock.after(stepMs, step);
      else if (seconds > 0) clock.after(returnMs, resolve);
      else resolve();
    };
    step();
  });
}

function closeSome(hub: Hub, turns: Turns, most: number, reason: CloseReason): Awaitable<void> {
  const some = first(most, hub.connections.values());
  return inTurns(turns, some, (connection) => connection.close(reason));
}

function* first(most: number, connections: Iterable<LocalConnection>): Iterable<LocalConnection> {
  let left = most;
  for (const connection of connections) {
    if (left === 0) return;
    left -= 1;
    yield connection;
  }
}
