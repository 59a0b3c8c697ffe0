import type { AppId, AppKey } from "@sealcast/protocol";
import { describe, expect, test } from "vitest";
import type { App, AppStore } from "@sealcast/server";
import { testApp } from "./start-server.ts";

const first = testApp();
const second = testApp({
  id: "1002" as AppId,
  credentials: [
    { key: "old-key" as AppKey, secret: "old" },
    { key: "new-key" as AppKey, secret: "new" },
  ],
  enabled: false,
});

/**
 * The rules of the app store port, as tests.
 *
 * @param name of the adapter.
 * @param create a store that holds these apps and has read them.
 */
export function appStoreContract(name: string, create: (apps: readonly App[]) => Promise<AppStore>): void {
  describe(`${name} keeps the app store contract`, () => {
    test("[APPS1] an app is found by its id, disabled or not", async () => {
      const store = await create([first, second]);
      expect(store.byId(first.id)).toEqual(first);
      expect(store.byId(second.id)).toEqual(second);
    });

    test("[APPS1] an app is found by each of its keys", async () => {
      const store = await create([first, second]);
      expect(store.byKey("app-key" as AppKey)).toEqual(first);
      expect(store.byKey("old-key" as AppKey)).toEqual(second);
      expect(store.byKey("new-key" as AppKey)).toEqual(second);
    });

    test.each(["", "nobody", "APP-KEY", "__proto__", "constructor"])("[APPS2] nothing is found by %j", async (text) => {
      const store = await create([first, second]);
      expect(store.byId(text as AppId)).toBeUndefined();
      expect(store.byKey(text as AppKey)).toBeUndefined();
    });

    test("[APPS2] ids are no keys, and keys no ids", async () => {
      const store = await create([first]);
      expect(store.byId("app-key" as AppId)).toBeUndefined();
      expect(store.byKey("1001" as AppKey)).toBeUndefined();
    });
  });
}
