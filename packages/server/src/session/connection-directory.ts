import { closeReasons } from "@sealcast/protocol";
import type { Clock } from "../ports/clock.ts";
import type { ConnectionDirectory, ConnectionFacts } from "../ports/connection-directory.ts";
import type { Hub } from "./hub.ts";
import type { LocalConnection } from "./local-connection.ts";

/** Creates the directory of the connections of a hub. */
export function createConnectionDirectory(hub: Hub, clock: Pick<Clock, "now" | "monotonicNow">): ConnectionDirectory {
  const factsOf = (connection: LocalConnection): ConnectionFacts => ({
    ...connection.details,
    socketId: connection.socketId,
    openedMs: clock.now() - (clock.monotonicNow() - connection.openedMs),
    userId: connection.user?.id,
    channels: [...connection.memberships.keys()],
  });
  return {
    get size() {
      return hub.connections.size;
    },
    countOf: (app) => hub.connectionsOf(app),
    *of(app) {
      for (const connection of hub.connections.values()) if (connection.app.id === app) yield factsOf(connection);
    },
    close(app, socketId) {
      const connection = hub.connections.get(socketId);
      if (connection?.app.id !== app) return false;
      connection.close(closeReasons.closedByOperator);
      return true;
    },
  };
}
