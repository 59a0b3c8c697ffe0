import type { AppId, AppKey } from "@sealcast/protocol";
import { testApp } from "@sealcast/server-testing";
import { expect, test } from "vitest";
import { usesExampleSecret } from "./uses-example-secret.ts";

const example = testApp({ id: "1001" as AppId });
const own = testApp({ credentials: [{ key: "key" as AppKey, secret: "a secret of our own" }] });

test.each([
  ["the example app", [example], "", true],
  ["an app of our own", [own], "", false],
  ["both", [example, own], "", false],
  ["no app", [], "", false],
  ["apps in a database", [], "sqlite:apps.db", false],
  ["apps in a database beside the example app", [example], "sqlite:apps.db", false],
])("the example secret is used by all of: %s", (_, apps, appDatabase, expected) => {
  expect(usesExampleSecret({ apps, appDatabase })).toBe(expected);
});
