import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { documentationUrl, version } from "./product.ts";

test("version and documentation are those of package.json", () => {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  const manifest = JSON.parse(text) as { readonly version: string; readonly homepage: string };
  expect(version).toBe(manifest.version);
  expect(manifest.homepage.startsWith(documentationUrl.replace(/#.*$/, ""))).toBe(true);
});
