import { closeReasons } from "@sealcast/protocol";
import type { Awaitable } from "../core/awaitable.ts";
import { inTurns, type Turns } from "../core/turns.ts";
import type { AppStore } from "../ports/app-store.ts";
import type { Hub } from "./hub.ts";
import type { LocalConnection } from "./local-connection.ts";

/**
 * Closes connections whose app was removed or disabled, with the same close reason that new connections get. If another
 * app has the key now, clients come back to that one.
 */
export function closeOrphaned(hub: Hub, apps: Pick<AppStore, "byId" | "byKey">, turns: Turns): Awaitable<void> {
  return inTurns(turns, hub.connections.values(), (connection) => closeIfOrphaned(connection, apps));
}

function closeIfOrphaned(connection: LocalConnection, apps: Pick<AppStore, "byId" | "byKey">): void {
  const app = apps.byId(connection.app.id);
  if (app === undefined) {
    const isRenamed = connection.app.credentials.some(({ key }) => apps.byKey(key) !== undefined);
    connection.close(isRenamed ? closeReasons.appRenamed : closeReasons.appNotFound);
  } else if (!app.enabled) connection.close(closeReasons.appDisabled);
}
