import { readFileSync } from "node:fs";
import { satisfies } from "semver";
import { expect, test } from "vitest";

interface Lock {
  readonly packages: Readonly<Record<string, { readonly engines?: { readonly node?: string } }>>;
}

/** The oldest version of Node.js on which everything runs. */
const oldestNode = "20.19.0";

test("every locked package runs on the oldest Node.js", () => {
  const lock = JSON.parse(readFileSync(new URL("../../package-lock.json", import.meta.url), "utf8")) as Lock;
  const tooNew = Object.entries(lock.packages).flatMap(([name, { engines }]) =>
    satisfies(oldestNode, engines?.node ?? "*") ? [] : [`${name} needs ${engines?.node}`],
  );
  expect(tooNew).toEqual([]);
});
