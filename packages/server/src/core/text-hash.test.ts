import { expect, test } from "vitest";
import { hashOf } from "./text-hash.ts";

// From the test vectors of the authors of FNV.
test.each([
  ["", 0x811c9dc5],
  ["a", 0xe40c292c],
  ["foobar", 0xbf9cf968],
])("the hash of %j", (text, hash) => {
  expect(hashOf(text)).toBe(hash);
});
