import type { AppId, AppKey } from "@sealcast/protocol";
import type { App } from "../core/app.ts";

/** Where apps come from. Answers from memory: a store that reads elsewhere keeps its own copy up to date. */
export interface AppStore {
  byKey(key: AppKey): App | undefined;
  byId(id: AppId): App | undefined;
}
