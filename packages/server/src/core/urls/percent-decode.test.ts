import { expect, test } from "vitest";
import { percentDecode } from "./percent-decode.ts";

test.each([
  ["presence-a%3Db", "presence-a=b"],
  ["a+b", "a+b"],
  ["%E0%A4%A", "%E0%A4%A"],
])("a path segment %s is %s", (segment, decoded) => {
  expect(percentDecode(segment)).toBe(decoded);
});
