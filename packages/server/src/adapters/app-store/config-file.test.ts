import type { AppId, AppKey } from "@sealcast/protocol";
import { expect, test } from "vitest";
import { appStoreContract } from "@sealcast/server-testing/contracts";
import { testApp } from "@sealcast/server-testing";
import { createConfigFileAppStore } from "./config-file.ts";

appStoreContract("the app store of the configuration file", (apps) => {
  const store = createConfigFileAppStore(apps);
  return Promise.resolve({ store, change: (next) => Promise.resolve(store.replace(next)) });
});

test("a replaced list is the whole list", () => {
  const store = createConfigFileAppStore([testApp()]);
  const next = testApp({ id: "1002" as AppId, credentials: [{ key: "next" as AppKey, secret: "s" }] });
  store.replace([next]);
  expect(store.byId("1001" as AppId)).toBeUndefined();
  expect(store.byKey("app-key" as AppKey)).toBeUndefined();
  expect(store.byId("1002" as AppId)).toBe(next);
  expect(store.byKey("next" as AppKey)).toBe(next);
});
