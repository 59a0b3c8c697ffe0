import { describe, expect, test } from "vitest";
import { filesBelow, textOf } from "../fixtures/repository.ts";

const code = filesBelow().filter((path) => /\.(ts|tsx|mjs|js|css|html)$/.test(path));
/** This file names what it looks for. */
const others = code.filter((path) => path !== "tests/repository/files.test.ts");

describe("code", () => {
  test("no file is longer than 400 lines", () => {
    expect(code.filter((path) => textOf(path).split("\n").length > 401)).toEqual([]);
  });

  test("files are named after a concept", () => {
    const vague = /\/(utils?|helpers?|types|misc|common|manager)\.(ts|tsx|mjs)$/;
    expect(code.filter((path) => vague.test(path))).toEqual([]);
  });

  test.each([
    ["unfinished", /\b(TODO|FIXME|XXX)\b|not implemented/i],
    ["tests left out, or run again until they pass", /\b(it|test|describe)\.(skip|only|todo)\b|\bretry: *\d/],
    ["types switched off", /@ts-(ignore|nocheck)/],
  ])("nothing is %s", (_, pattern) => {
    expect(others.filter((path) => pattern.test(textOf(path)))).toEqual([]);
  });
});

describe("package-lock.json", () => {
  interface Entry {
    readonly version?: string;
    readonly resolved?: string;
    readonly optionalDependencies?: Readonly<Record<string, string>>;
  }
  const { packages } = JSON.parse(textOf("package-lock.json")) as { packages: Readonly<Record<string, Entry>> };

  test("has the packages of every platform, else npm ci refuses to run: node scripts/complete-lock.mjs adds them", () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !isInstalledFor(path, name)),
    );
    expect(missing).toEqual([]);
  });

  test("comes from no registry in particular", () => {
    const addresses = Object.values(packages).flatMap(({ resolved = "" }) =>
      resolved.includes("://") ? [resolved] : [],
    );
    expect(addresses).toEqual([]);
  });

  /** Whether a package in `path` finds another by walking up, as Node.js does. */
  function isInstalledFor(path: string, name: string): boolean {
    const parts = path === "" ? [] : path.split("/node_modules/");
    return Array.from({ length: parts.length + 1 }, (_, up) => parts.slice(0, parts.length - up).join("/node_modules/"))
      .map((place) => (place === "" ? `node_modules/${name}` : `${place}/node_modules/${name}`))
      .some((place) => Object.hasOwn(packages, place));
  }
});
