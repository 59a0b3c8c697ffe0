import { resolveConfig } from "@sealcast/server";
import { expect, test } from "vitest";
import { newKeys } from "./new-keys.ts";

test("the configuration starts a server on any address", () => {
  const file = { path: "sealcast.json", text: newKeys().configText };
  const resolved = resolveConfig({ flags: new Map([["--host", "0.0.0.0"]]), environment: {}, file });
  expect(resolved).toMatchObject({ ok: true, config: { host: "0.0.0.0" } });
});

test("the app id is digits and the master key is 32 bytes", () => {
  const { configText, masterKey } = newKeys();
  expect(configText).toMatch(/"id": "\d+"/);
  expect(Buffer.from(masterKey, "base64")).toHaveLength(32);
  expect(configText).not.toContain(masterKey);
});

test("no two calls return the same", () => {
  const texts = Array.from({ length: 50 }, () => newKeys()).flatMap((keys) => [keys.configText, keys.masterKey]);
  expect(new Set(texts).size).toBe(texts.length);
});
