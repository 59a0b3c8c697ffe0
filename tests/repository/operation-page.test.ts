import { expect, test } from "vitest";
import { logLines } from "../../packages/server/src/observers/log-lines.ts";
import { filesBelow, textOf } from "../fixtures/repository.ts";

const sources = filesBelow("packages").filter((path) => /\/src\/.*\.ts$/.test(path) && !path.endsWith(".test.ts"));

test("docs/operation.md lists every line of the log with its level, and none that is not written", () => {
  const written = [
    ...sources.flatMap((path) => rowsIn(textOf(path), /\blog\.(\w+)\(\s*"([a-z_]+\.[a-z_]+)"/g)),
    ...Object.values(logLines).map(({ level, event }) => `${level} ${event}`),
  ];
  const listed = rowsIn(textOf("docs/operation.md"), /^\| (\w+) \| `([a-z_]+\.[a-z_]+)` \|/gm);
  expect(listed.toSorted()).toEqual([...new Set(written)].toSorted());
});

function rowsIn(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, level, event]) => `${level} ${event}`);
}
