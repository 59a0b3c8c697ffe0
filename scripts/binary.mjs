// npm run binary [-- FILE]: one executable with Node.js, the command and the console; it starts on a machine without Node.js.
import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, installPackages, root } from "./prepare.mjs";

/** Marks the place for the program in a copy of Node.js. Source: Node.js documentation, single executable applications. */
const fuse = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

const output = resolve(process.argv[2] ?? join(root, "build/sealcast"));
const folder = `${output}-files`;
installPackages();
build("packages/cli");
const { makeAppFolder } = await import("./binary/app-folder.mjs");
await makeAppFolder(folder);
const main = join(dirname(fileURLToPath(import.meta.url)), "binary/executable-main.cjs");
const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
  .toSorted();
const files = paths.map((path) => ({ path, sha256: digest(readFileSync(join(folder, path))) }));
writeFileSync(join(folder, "files.json"), JSON.stringify({ id: digest(JSON.stringify(files)).slice(0, 32), files }));
writeFileSync(
  join(folder, "sea.json"),
  JSON.stringify({
    main,
    output: join(folder, "program.blob"),
    disableExperimentalSEAWarning: true,
    assets: Object.fromEntries([...paths, "files.json"].map((path) => [path, join(folder, path)])),
  }),
);
run(process.execPath, ["--experimental-sea-config", join(folder, "sea.json")]);
mkdirSync(dirname(output), { recursive: true });
copyFileSync(process.execPath, output);
chmodSync(output, 0o755);
const { inject } = await import("postject");
await inject(output, "NODE_SEA_BLOB", readFileSync(join(folder, "program.blob")), { sentinelFuse: fuse });
rmSync(folder, { recursive: true });
console.log(`${output}: ${Math.round(statSync(output).size / 1_048_576)} MiB`);

function digest(data) {
  return createHash("sha256").update(data).digest("hex");
}

function run(command, args) {
  const { status, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (status === 0) return;
  console.error(stderr);
  process.exit(1);
}
