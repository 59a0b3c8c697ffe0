import { describe, expect, test } from "vitest";
import { filesBelow, textOf } from "../fixtures/repository.ts";

const sources = filesBelow().filter((path) => /\.tsx?$/.test(path));
/** Where rules are written down: the page of the protocol, and the comments of the ports. */
const rules = [
  ...idsIn(textOf("PROTOCOL.md"), /^- \*\*\[([A-Z]+\d+)\]\*\* /gm),
  ...sources
    .filter((path) => path.startsWith("packages/server/src/ports/"))
    .flatMap((path) => idsIn(textOf(path), /^ *\* \[([A-Z]+\d+)\] /gm)),
];
/** What titles of tests begin with. Suites that several tests share hold titles, too. */
const tested = new Set(
  sources
    .filter(
      (path) => path.startsWith("tests/") || path.startsWith("packages/server-testing/") || /\.test\.tsx?$/.test(path),
    )
    .flatMap((path) => idsIn(textOf(path), /["'`]((?:\[[A-Z]+\d+(?: [A-Z]+\d+)*\] ?)+)/g))
    .flatMap((ids) => idsIn(ids, /([A-Z]+\d+)/g)),
);

describe("rules", () => {
  test("are many, and none is written twice", () => {
    expect(rules.length).toBeGreaterThan(100);
    expect(rules.filter((id, index) => rules.indexOf(id) !== index)).toEqual([]);
  });

  test("have a test each", () => {
    expect(rules.filter((id) => !tested.has(id))).toEqual([]);
  });

  test("are there for every test that names one", () => {
    expect([...tested].filter((id) => !rules.includes(id))).toEqual([]);
  });
});

function idsIn(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].flatMap(([, id]) => id ?? []);
}
