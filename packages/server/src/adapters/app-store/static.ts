import type { AppId, AppKey } from "@sealcast/protocol";
import type { App } from "../../core/app.ts";
import type { AppStore } from "../../ports/app-store.ts";

/** An app store that holds a list, which may be replaced while the server runs. */
export interface StaticAppStore extends AppStore {
  /** Takes another list. */
  replace(apps: readonly App[]): void;
}

/** Keeps the apps of the configuration. */
export function createStaticAppStore(apps: readonly App[]): StaticAppStore {
  let byKey = new Map<AppKey, App>();
  let byId = new Map<AppId, App>();
  const replace = (next: readonly App[]): void => {
    byId = new Map(next.map((app) => [app.id, app]));
    byKey = new Map(next.flatMap((app) => app.credentials.map(({ key }) => [key, app] as const)));
  };
  replace(apps);
  return { byKey: (key) => byKey.get(key), byId: (id) => byId.get(id), replace };
}
