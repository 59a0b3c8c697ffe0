import { describe, expect, test } from "vitest";
import { filesBelow, textOf } from "../fixtures/repository.ts";
import { bannedPhrases } from "./banned-phrases.ts";

/**
 * Files that people read. Left out are pages made from code, as their source is checked, and the style guide, which quotes
 * phrases as bad examples.
 */
const files = filesBelow().filter(
  (path) =>
    /\.(ts|tsx|mjs|js|md|html|yml)$/.test(path) &&
    !/^docs\/(api\/|configuration\.md|errors\.md)|^CONTRIBUTING\.md$|^tests\/repository\/banned-phrases/.test(path),
);

/** Every place of a phrase, as "file:line: text". */
function placesOf(pattern: RegExp): string[] {
  return files.flatMap((path) =>
    textOf(path)
      .split("\n")
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
  );
}

describe("plain English", () => {
  test.each(bannedPhrases)("$phrase: write $instead", ({ pattern }) => {
    expect(placesOf(pattern)).toEqual([]);
  });
});
