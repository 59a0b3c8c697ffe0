import type { AppId, AppKey } from "@sealcast/protocol";
import type { AppCredential } from "../core/apps/app.ts";
import type { AppRecord, NewApp, StatedSettings } from "../core/apps/app-record.ts";
import type { Unavailable } from "./unavailable.ts";

/**
 * Apps in a database, which can be changed while servers run.
 * [APPR1] Every app store on the same database has a change within two seconds; the store of the process that made it has
 *         it when the method resolves.
 * [APPR2] An id belongs to one app, a key to one app, live or retired. A removed app leaves both free.
 * [APPR3] Changes take effect one after another, whole or not at all: two that are made at the same time both last.
 * [APPR4] An app keeps at least one live key.
 * [APPR5] No method returns a secret, and none is readable in the database if the box of the adapter has a key.
 * [APPR6] What cannot reach the database answers "unavailable" and changes nothing that it knows of.
 */
export interface AppRecords {
  find(id: AppId): Promise<AppRecord | undefined | Unavailable>;
  /** Answers which name is taken, if one is. */
  create(app: NewApp): Promise<"created" | "id-taken" | "key-taken" | Unavailable>;
  /** Replaces the settings of an app by what `change` makes of them. Answers the new ones. */
  changeSettings(
    id: AppId,
    change: (settings: StatedSettings) => StatedSettings,
  ): Promise<StatedSettings | undefined | Unavailable>;
  /** Removes an app and its keys. */
  remove(id: AppId): Promise<"removed" | "unknown" | Unavailable>;
  /** Adds a live key, the youngest. */
  addKey(id: AppId, credential: AppCredential): Promise<"added" | "key-taken" | "too-many" | "unknown" | Unavailable>;
  /** Ends a key permanently and deletes its secret. */
  retireKey(id: AppId, key: AppKey): Promise<"retired" | "last" | "unknown" | Unavailable>;
}
