import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { root } from "../fixtures/repository.ts";

test("a fresh clone installs the compiler, too, if NODE_ENV is production", () => {
  const clone = mkdtempSync(join(tmpdir(), "sealcast-clone-"));
  onTestFinished(() => rmSync(clone, { recursive: true }));
  for (const file of ["scripts/prepare.mjs", "package.json", "package-lock.json"]) {
    cpSync(join(root, file), join(clone, file));
  }
  // In place of npm: installing everything takes minutes, and needs a registry.
  const npm = join(clone, "npm.mjs");
  const asked = join(clone, "asked.json");
  writeFileSync(
    npm,
    `import { writeFileSync } from "node:fs"; writeFileSync(${JSON.stringify(asked)}, JSON.stringify(process.argv.slice(2)));`,
  );
  const program = 'import { installPackages } from "./scripts/prepare.mjs"; installPackages();';
  execFileSync(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: clone,
    env: { PATH: process.env["PATH"], NODE_ENV: "production", npm_execpath: npm },
  });
  expect(JSON.parse(readFileSync(asked, "utf8"))).toEqual(["ci", "--include=dev"]);
});
