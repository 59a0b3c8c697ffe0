import { closeReasons } from "@sealcast/protocol";
import type { AppStore } from "../ports/app-store.ts";
import type { Hub } from "./hub.ts";

/** Closes connections whose app was removed or disabled, with the same close reason that new connections get. */
export function closeOrphaned(hub: Hub, apps: Pick<AppStore, "byId">): void {
  for (const connection of hub.connections.values()) {
    const app = apps.byId(connection.app.id);
    if (app === undefined) connection.close(closeReasons.appNotFound);
    else if (!app.enabled) connection.close(closeReasons.appDisabled);
  }
}
