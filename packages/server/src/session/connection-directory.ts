import { closeReasons } from "@sealcast/protocol";
import { inTurns, type Turns } from "../core/turns.ts";
import type { Clock } from "../ports/clock.ts";
import type { ConnectionDirectory, ConnectionFacts } from "../ports/connection-directory.ts";
import type { Hub } from "./hub.ts";
import type { LocalConnection } from "./local-connection.ts";

/** Creates the directory of the connections of a hub. */
export function createConnectionDirectory(
  hub: Hub,
  clock: Pick<Clock, "now" | "monotonicNow">,
  turns: Turns,
): ConnectionDirectory {
  const factsOf = (connection: LocalConnection): ConnectionFacts => ({
    ...connection.details,
    socketId: connection.socketId,
    openedMs: clock.now() - (clock.monotonicNow() - connection.openedMs),
    userId: connection.user?.id,
    get channels() {
      return [...connection.memberships.keys()];
    },
    get unsentBytes() {
      return connection.link.unsentBytes();
    },
  });
  return {
    get size() {
      return hub.connections.size;
    },
    countOf: (app) => hub.connectionsOf(app),
    visit: (app, visit) =>
      inTurns(turns, hub.connections.values(), (connection) => {
        if (connection.app.id === app) visit(factsOf(connection));
      }),
    close(app, socketId) {
      const connection = hub.connections.get(socketId);
      if (connection?.app.id !== app) return false;
      connection.close(closeReasons.closedByOperator);
      return true;
    },
  };
}
