import { expect, test } from "vitest";
import { closestName } from "./closest-name.ts";

test.each([
  ["prot", "port"],
  ["hots", "host"],
  ["LOGLEVEL", "logLevel"],
  ["maxFrameByte", "maxFrameBytes"],
  ["webhooks", undefined],
  ["", undefined],
  ["x".repeat(100_000), undefined],
])("the name closest to %j is %j", (found, meant) => {
  expect(closestName(found, ["host", "port", "logLevel", "maxFrameBytes"])).toBe(meant);
});
