import type { AppId, AppKey } from "@sealcast/protocol";
import { expect, test } from "vitest";
import { appStoreContract } from "@sealcast/server-testing/contracts";
import { testApp } from "@sealcast/server-testing";
import { createStaticAppStore } from "./static.ts";

appStoreContract("the static app store", (apps) => Promise.resolve(createStaticAppStore(apps)));

test("a replaced list is the whole list", () => {
  const store = createStaticAppStore([testApp()]);
  const next = testApp({ id: "1002" as AppId, credentials: [{ key: "next" as AppKey, secret: "s" }] });
  store.replace([next]);
  expect(store.byId("1001" as AppId)).toBeUndefined();
  expect(store.byKey("app-key" as AppKey)).toBeUndefined();
  expect(store.byId("1002" as AppId)).toBe(next);
  expect(store.byKey("next" as AppKey)).toBe(next);
});
