import { closeReasons, errorCatalogue } from "@sealcast/protocol";
import { describe, expect, test } from "vitest";
import { filesBelow, textOf } from "../fixtures/repository.ts";

/** What the packages ship: no tests, and nothing that exists only for tests. */
const shipped = filesBelow("packages").filter(
  (path) => /\/src\/.*\.tsx?$/.test(path) && !/\.test(-d)?\.tsx?$|\/testing\/|^packages\/server-testing\//.test(path),
);

/** Rows of the catalogues that no code uses yet. The list only shrinks. */
const unusedRows: readonly string[] = [];

describe("every row of a catalogue is used", () => {
  const rest = shipped.filter((path) => !/\/(error-catalogue|close-reason)\.ts$/.test(path));
  const code = rest.map((path) => textOf(path)).join("\n");

  test.each([
    ["refusals", Object.keys(errorCatalogue), /"(\w+)"/g],
    ["close reasons", Object.keys(closeReasons), /\bcloseReasons\.(\w+)|"(\w+)"/g],
  ])("%s", (_, ids, use) => {
    const used = new Set([...code.matchAll(use)].map(([, first, second]) => first ?? second));
    const unused = ids.filter((id) => !used.has(id));
    expect(unused.toSorted()).toEqual(unusedRows.filter((id) => ids.includes(id)).toSorted());
  });
});
