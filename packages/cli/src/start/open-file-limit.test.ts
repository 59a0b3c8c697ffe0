import { expect, test } from "vitest";
import { openFileLimit, parseOpenFileLimit } from "./open-file-limit.ts";

test.each([
  [
    "Limit                     Soft Limit           Hard Limit           Units\nMax open files            1024                 4096                 files\n",
    1_024,
  ],
  ["Max open files            unlimited            unlimited            files\n", Infinity],
  ["Max processes             10                   10                   processes\n", undefined],
])("%j is a limit of %j", (text, limit) => {
  expect(parseOpenFileLimit(text)).toBe(limit);
});

test.runIf(process.platform === "linux")("the limit of this process is known", async () => {
  expect(await openFileLimit()).toBeGreaterThan(0);
});
