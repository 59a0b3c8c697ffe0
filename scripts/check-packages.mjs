// Checks each package as its users get it: publint reads the manifest, attw resolves the types.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./prepare.mjs";

const packages = readdirSync(join(root, "packages")).map((name) => ({
  name,
  manifest: JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8")),
}));

const results = [];
const tarballs = mkdtempSync(join(tmpdir(), "sealcast-tarballs-"));
for (const { name, manifest } of packages) {
  if (manifest.private) continue;
  const tarball = pack(name);
  results.push(await run("publint", ["run", tarball, "--strict", "--level", "warning"]));
  // A command has no types to resolve.
  if (manifest.exports)
    results.push(await run("attw", [tarball, "--profile", profileOf(manifest), "--format", "ascii"]));
}
rmSync(tarballs, { recursive: true });
process.exit(results.every((ok) => ok) ? 0 : 1);

/** Packs a package as it is published. @returns {string} path of the tarball */
function pack(name) {
  const args = ["pack", "--json", "--foreground-scripts=false", "--pack-destination", tarballs];
  const output = execFileSync("npm", args, {
    cwd: join(root, "packages", name),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return join(tarballs, JSON.parse(output)[0].filename);
}

/** Packages that run in a server only are ES modules only. */
function profileOf({ exports }) {
  return JSON.stringify(exports).includes('"require"') ? "strict" : "esm-only";
}

function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(join(root, "node_modules/.bin", command), args, { cwd: root });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    child.on("close", (code) => {
      if (code !== 0) console.log(`${command} ${args.join(" ")}\n${output}`);
      resolve(code === 0);
    });
  });
}
