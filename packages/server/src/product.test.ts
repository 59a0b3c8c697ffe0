import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { version } from "./product.ts";

test("the version is that of package.json", () => {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  const manifest = JSON.parse(text) as { readonly version: string };
  expect(version).toBe(manifest.version);
});
