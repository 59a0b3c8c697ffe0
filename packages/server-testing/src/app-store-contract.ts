import type { AppId, AppKey } from "@sealcast/protocol";
import { describe, expect, test } from "vitest";
import type { App, AppStore } from "@sealcast/server";
import { testApp } from "./start-server.ts";

const first = testApp();
const second = testApp({
  id: "1002" as AppId,
  credentials: [
    { key: "old-key" as AppKey, secret: "old-secret" },
    { key: "new-key" as AppKey, secret: "new-secret" },
  ],
  enabled: false,
});

/** An app store under test. */
export interface ChangeableAppStore {
  readonly store: AppStore;
  /** Replaces the apps at their source; resolves when the store has read them. */
  readonly change: (apps: readonly App[]) => Promise<void>;
}

/**
 * The rules of the app store port, as tests.
 *
 * @param name of the adapter.
 * @param create creates a store that has read these apps.
 */
export function appStoreContract(name: string, create: (apps: readonly App[]) => Promise<ChangeableAppStore>): void {
  describe(`${name} keeps the app store contract`, () => {
    test("[APPS1] an app is found by its id, disabled or not", async () => {
      const { store } = await create([first, second]);
      expect(store.byId(first.id)).toEqual(first);
      expect(store.byId(second.id)).toEqual(second);
    });

    test("[APPS4] all apps are listed once, disabled or not", async () => {
      const { store } = await create([first, second]);
      expect(store.all()).toEqual([first, second]);
    });

    test("[APPS1] an app is found by each of its keys", async () => {
      const { store } = await create([first, second]);
      expect(store.byKey("app-key" as AppKey)).toEqual(first);
      expect(store.byKey("old-key" as AppKey)).toEqual(second);
      expect(store.byKey("new-key" as AppKey)).toEqual(second);
    });

    test.each(["", "nobody", "APP-KEY", "__proto__", "constructor"])("[APPS2] nothing is found by %j", async (text) => {
      const { store } = await create([first, second]);
      expect(store.byId(text as AppId)).toBeUndefined();
      expect(store.byKey(text as AppKey)).toBeUndefined();
    });

    test("[APPS2] no app is found by the key in place of the id, or the other way round", async () => {
      const { store } = await create([first]);
      expect(store.byId("app-key" as AppId)).toBeUndefined();
      expect(store.byKey("1001" as AppKey)).toBeUndefined();
    });

    test("[APPS3] tells each listener of a change, after which the new apps are found", async () => {
      const { store, change } = await create([first]);
      const seen: (string | undefined)[] = [];
      for (const listener of ["a", "b"]) store.onChange(() => seen.push(listener, store.byId(second.id)?.id));
      await change([second]);
      expect(seen).toEqual(["a", "1002", "b", "1002"]);
      expect(store.byId(first.id)).toBeUndefined();
    });

    test("[APPS3] knows all apps", async () => {
      const { store, change } = await create([first, second]);
      expect(store.all()).toEqual([first, second]);
      await change([]);
      expect(store.all()).toEqual([]);
    });
  });
}
