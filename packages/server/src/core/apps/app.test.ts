import type { AppKey } from "@sealcast/protocol";
import { expect, test } from "vitest";
import { testApp } from "@sealcast/server-testing";
import { secretOfKey } from "./app.ts";

const app = testApp({
  credentials: [
    { key: "old" as AppKey, secret: "old-secret" },
    { key: "new" as AppKey, secret: "new-secret" },
  ],
});

test.each([
  ["old", "old-secret"],
  ["new", "new-secret"],
  ["", undefined],
  ["OLD", undefined],
  ["__proto__", undefined],
])("[SIGN4] key %j has the secret %j", (key, secret) => {
  expect(secretOfKey(app, key)).toBe(secret);
});
