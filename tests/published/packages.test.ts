import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "../fixtures/repository.ts";

const names = readdirSync(join(root, "packages"));

/*
 * Packs a copy of the packages, without what was compiled before: a package must not depend on what happens to lie around.
 */
let copy: string;
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "sealcast-packages-"));
  for (const path of ["package.json", "LICENSE", "tsconfig.base.json", "scripts"]) {
    cpSync(join(root, path), join(copy, path), { recursive: true });
  }
  cpSync(join(root, "packages"), join(copy, "packages"), { recursive: true, filter: isNotBuilt });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  // The copies load one another.
  mkdirSync(join(copy, "packages/node_modules/@sealcast"), { recursive: true });
  for (const name of names)
    symlinkSync(join(copy, "packages", name), join(copy, "packages/node_modules/@sealcast", name));
  // A leftover of a source file that was renamed.
  cpSync(join(root, "LICENSE"), join(copy, "packages/protocol/dist/renamed-long-ago.js"));
}, 60_000);
afterAll(() => rmSync(copy, { recursive: true }), 60_000);

describe.each(names)("the package %s", (name) => {
  test(
    "builds what it packs, and packs nothing else",
    () => {
      const folder = join(copy, "packages", name);
      const output = execFileSync("npm", ["pack", "--dry-run", "--json", "--foreground-scripts=false"], {
        cwd: folder,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      });
      const [packed] = JSON.parse(output) as { files: { path: string }[] }[];
      const files = packed?.files.map(({ path }) => path) ?? [];
      expect(files).toEqual(expect.arrayContaining(["LICENSE", "README.md", "package.json"]));
      expect(files.filter((path) => path.startsWith("dist/"))).not.toEqual([]);
      expect(
        files.filter(
          (path) =>
            !/^(dist|bin)\/.*\.(js|d\.ts|js\.map|cjs|d\.cts)$|^dist\/page\/[\w.-]+$|^pusher-js\/package\.json$|^[\w.]+$/.test(
              path,
            ),
        ),
      ).toEqual([]);
      expect(files.filter((path) => /\.test\.|renamed-long-ago/.test(path))).toEqual([]);
      // The console is packed as a page, not file by file.
      const isPage = files.includes("dist/page/index.html");
      expect(isPage ? [] : missingOf(folder, files)).toEqual([]);
      for (const path of files.filter((one) => one.endsWith(".js.map"))) {
        const map = JSON.parse(readFileSync(join(folder, path), "utf8")) as { sourcesContent?: unknown[] };
        expect([path, map.sourcesContent?.length]).toEqual([path, 1]);
      }
    },
    // Compiling seven packages takes seconds, and more on a busy machine.
    180_000,
  );

  test("names its license, and no address: none is known yet", () => {
    const manifest = JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8")) as object;
    expect(manifest).toMatchObject({ license: "MIT" });
    expect(Object.keys(manifest)).not.toEqual(expect.arrayContaining(["repository"]));
    expect(Object.keys(manifest)).not.toEqual(expect.arrayContaining(["homepage"]));
  });
});

function isNotBuilt(path: string): boolean {
  return !/\/packages\/[\w-]+\/dist$/.test(path);
}

test("CommonJS programs get what official packages give them: the class itself from a drop-in", () => {
  const program = `
    const client = require("./client/dist/cjs/compat/pusher-js.cjs");
    const server = require("./server-sdk/dist/cjs/pusher.cjs");
    const { Sealcast, SealcastError } = require("./server-sdk/dist/cjs/index.cjs");
    const pusher = new server({ appId: "1", key: "k", secret: "s" });
    console.log(client.name, client.default === client, server.name, pusher instanceof server);
    console.log(pusher.authorizeChannel("1.2", "private-a").auth, new Sealcast({ appId: 1, key: "k", secret: "s" }) && SealcastError.name);`;
  const output = execFileSync(process.execPath, ["--eval", program], {
    cwd: join(copy, "packages"),
    encoding: "utf8",
  });
  expect(output).toMatch(/^Pusher true Pusher true\nk:[0-9a-f]{64} SealcastError\n$/);
});

/** Source files whose compiled file is not packed. */
function missingOf(folder: string, files: readonly string[]): readonly string[] {
  const sources = readdirSync(join(folder, "src"), { recursive: true, encoding: "utf8" });
  return sources
    .filter((path) => /\.tsx?$/.test(path) && !/\.test(-d)?\.tsx?$|(^|\/)testing\//.test(path))
    .filter((path) => existsSync(join(folder, "src", path)))
    .filter((path) => !files.includes(`dist/${path.replace(/\.tsx?$/, ".js")}`));
}
