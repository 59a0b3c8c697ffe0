import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { serverPart, serverParts } from "./server-parts.ts";

/** The files of a package, compiled: named by package and path, and as a profile names them. */
const compiled = ["server", "protocol"].flatMap((name) =>
  readdirSync(fileURLToPath(new URL(`../../../../packages/${name}/src`, import.meta.url)), {
    recursive: true,
    encoding: "utf8",
  })
    .filter((path) => /(?<!\.test)\.ts$/.test(path))
    .map((path) => path.replace(/\.ts$/, ""))
    .map((path) => ({ file: `${name}/${path}`, url: `file:///clone/packages/${name}/dist/${path}.js` })),
);

test.each(serverParts.flatMap(({ part, files }) => files.map((name) => [name, part])))(
  "%s is a file or a folder of the server, and belongs to: %s",
  (name, part) => {
    const named = compiled.filter(({ file }) => (name.endsWith("/") ? file.startsWith(name) : file === name));
    expect(named.map(({ url }) => serverPart(url))).toContain(part);
  },
);

test("every file of the server and the protocol belongs to a part, and no other file does", () => {
  expect(compiled.filter(({ url }) => serverPart(url) === undefined)).toEqual([]);
  for (const url of ["node:net", "file:///clone/packages/crypto/dist/utf8.js", "file:///clone/bench/dist/main.js"]) {
    expect(serverPart(url)).toBeUndefined();
  }
});
