// Runs before `npm pack` and `npm publish` of a package: builds what is packed, removes what no source file made, and adds
// the license. npm runs it in the package's folder.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, readdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { buildCommonJs } from "./build-commonjs.mjs";
import { compile, root } from "./prepare.mjs";

const folder = process.cwd();
const projects = ["", "src/node"].filter((path) => existsSync(join(folder, path, "tsconfig.json")));
for (const project of projects) compile(relative(root, join(folder, project)));

const dist = join(folder, "dist");
for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name);
  if (entry.isFile() && !hasSource(relative(dist, path))) rmSync(path, { force: true });
}

const bundle = join(folder, "scripts/bundle.mjs");
if (existsSync(bundle)) {
  const { status } = spawnSync(process.execPath, [bundle], { cwd: folder, stdio: "inherit" });
  if (status !== 0) process.exit(1);
}

await buildCommonJs(folder);

copyFileSync(join(root, "LICENSE"), join(folder, "LICENSE"));

/** Compiled files stand at the path of their source; bundles are written again, the compiler's own notes are not packed. */
function hasSource(path) {
  if (/\.tsbuildinfo$|\.min\.js$|^(cjs(-\d+)?|page|bundles)\//.test(path)) return true;
  const [, stem] = /^(.*?)(\.d\.ts|\.js|\.js\.map)$/.exec(path) ?? [];
  return stem !== undefined && [".ts", ".tsx"].some((ending) => existsSync(join(folder, "src", stem + ending)));
}
