import { describe, expect, test } from "vitest";
import { filesBelow, textOf } from "../fixtures/repository.ts";
import { bannedPhrases } from "./language/banned-phrases.ts";
import { phrasesToRemove } from "./language/phrases-to-remove.ts";

/**
 * Files that people read. Left out are pages made from code, as their source is checked, and the style guide, which quotes
 * phrases as bad examples.
 */
const files = filesBelow().filter(
  (path) =>
    /\.(ts|tsx|mjs|js|md|html|yml)$/.test(path) &&
    !/^docs\/(api\/|configuration\.md|errors\.md)|^CONTRIBUTING\.md$|^tests\/repository\/language/.test(path),
);

/** The folder in the list of phrases to remove: a package, or a folder of the root, or "." for the files in the root. */
function folderOf(path: string): string {
  const [first = "", second = "", third] = path.split("/");
  if (second === "") return ".";
  return third !== undefined && (first === "packages" || first === "examples") ? `${first}/${second}` : first;
}

/** Every place of a phrase, as "file:line: text". */
function placesOf(pattern: RegExp, paths: readonly string[]): string[] {
  return paths.flatMap((path) =>
    textOf(path)
      .split("\n")
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
  );
}

describe("plain English", () => {
  test.each(bannedPhrases)("$phrase: write $instead", ({ phrase, pattern }) => {
    const checked = files.filter((path) => !phrasesToRemove[folderOf(path)]?.includes(phrase));
    expect(placesOf(pattern, checked)).toEqual([]);
  });

  test("a phrase that a folder no longer has is taken off the list in language/phrases-to-remove.ts", () => {
    const removed = Object.entries(phrasesToRemove).flatMap(([folder, phrases]) => {
      const own = files.filter((path) => folderOf(path) === folder);
      return phrases
        .filter((phrase) => {
          const banned = bannedPhrases.find((one) => one.phrase === phrase);
          return banned === undefined || placesOf(banned.pattern, own).length === 0;
        })
        .map((phrase) => `${folder}: ${phrase}`);
    });
    expect(removed).toEqual([]);
  });
});
