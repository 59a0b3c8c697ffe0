import type { AppId, AppKey } from "@sealcast/protocol";
import type { App } from "../../core/apps/app.ts";
import type { AppStore } from "../../ports/app-store.ts";

/** The apps of the configuration file, whose list is replaced when the file changes. */
export interface ConfigFileAppStore extends AppStore {
  /** Replaces the whole list. */
  replace(apps: readonly App[]): void;
}

/** Creates a store that holds the apps of the configuration. */
export function createConfigFileAppStore(apps: readonly App[]): ConfigFileAppStore {
  const listeners: (() => void)[] = [];
  let byKey = new Map<AppKey, App>();
  let byId = new Map<AppId, App>();
  let all = apps;
  const replace = (next: readonly App[]): void => {
    byId = new Map(next.map((app) => [app.id, app]));
    byKey = new Map(next.flatMap((app) => app.credentials.map(({ key }) => [key, app] as const)));
    all = next;
    for (const listener of listeners) listener();
  };
  replace(apps);
  return {
    byKey: (key) => byKey.get(key),
    byId: (id) => byId.get(id),
    all: () => all,
    // The configuration does not keep when its keys were used.
    used: () => undefined,
    onChange: (listener) => void listeners.push(listener),
    replace,
  };
}
