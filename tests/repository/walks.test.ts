import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root, textOf } from "../fixtures/repository.ts";
import { relativeImportsOf } from "./imports.ts";

/** The files of each step of a table in ARCHITECTURE.md, as paths from the root. */
function stepsOf(heading: string): string[][] {
  const [, section = ""] = textOf("ARCHITECTURE.md").split(`## ${heading}\n`);
  const [table = ""] = section.split(/^## /m);
  return table.split("\n").flatMap((line) => {
    const files = [...line.matchAll(/`([\w/-]+\.ts)`/g)].map(([, file = ""]) => pathOf(file));
    return line.startsWith("| ") && files.length > 0 ? [files] : [];
  });
}

function pathOf(file: string): string {
  return file.startsWith("protocol/")
    ? file.replace("protocol/", "packages/protocol/src/")
    : `packages/server/src/${file}`;
}

/** Files that any step may import: values and interfaces, which decide no direction. */
const isShared = (path: string): boolean => /^packages\/server\/src\/(core|ports)\//.test(path);

describe.each(["The path of an event", "The path of a subscription"])("%s in ARCHITECTURE.md", (heading) => {
  const steps = stepsOf(heading);

  test("names about 20 files, which exist", () => {
    const files = steps.flat();
    expect(files.length).toBeGreaterThanOrEqual(16);
    expect(files.length).toBeLessThanOrEqual(28);
    expect(files.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test("goes down: no file imports one of an earlier step", () => {
    const upward = steps.flatMap((step, index) => {
      const earlier = new Set(steps.slice(0, index).flat());
      return step.flatMap((path) =>
        relativeImportsOf(path)
          .filter((target) => earlier.has(target) && !isShared(target))
          .map((target) => `${path} imports ${target}`),
      );
    });
    expect(upward).toEqual([]);
  });

  test("names each file once", () => {
    expect(new Set(steps.flat()).size).toBe(steps.flat().length);
  });
});
