import type { AppId, AppKey } from "@sealcast/protocol";
import type { App } from "../core/apps/app.ts";

/**
 * The apps of the server. Answers from memory: a store that reads elsewhere keeps its own copy up to date.
 * [APPS1] An app is found by its id and by each of its live keys, disabled or not.
 * [APPS2] Any other id or key gives undefined.
 * [APPS3] After each change of the apps, listeners are called; the other methods then give the new apps.
 * [APPS4] `all` lists every app once, disabled or not.
 * [APPS5] `used` is called for each use of a key: a connection with it, or a valid signature with its secret. It costs next to
 *         nothing and never fails.
 */
export interface AppStore {
  byKey(key: AppKey): App | undefined;
  byId(id: AppId): App | undefined;
  all(): readonly App[];
  used(key: string): void;
  /** Calls `listener` after each change. */
  onChange(listener: () => void): void;
  all(): readonly App[];
}
