import type { AppId, AppKey } from "@sealcast/protocol";
import type { App } from "../core/app.ts";

/**
 * Where apps come from. Answers from memory: a store that reads elsewhere keeps its own copy up to date.
 * [APPS1] An app is found by its id and by each of its live keys, disabled or not.
 * [APPS2] Whatever else is asked for is undefined.
 */
export interface AppStore {
  byKey(key: AppKey): App | undefined;
  byId(id: AppId): App | undefined;
}
