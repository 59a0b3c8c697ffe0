import { closeReasons } from "@sealcast/protocol";
import type { AppStore } from "../ports/app-store.ts";
import type { Hub } from "./hub.ts";

/**
 * Closes connections whose app was removed or disabled, with the same close reason that new connections get. If another
 * app has the key now, clients come back to that one.
 */
export function closeOrphaned(hub: Hub, apps: Pick<AppStore, "byId" | "byKey">): void {
  for (const connection of hub.connections.values()) {
    const app = apps.byId(connection.app.id);
    if (app === undefined) {
      const isRenamed = connection.app.credentials.some(({ key }) => apps.byKey(key) !== undefined);
      connection.close(isRenamed ? closeReasons.appRenamed : closeReasons.appNotFound);
    } else if (!app.enabled) connection.close(closeReasons.appDisabled);
  }
}
