// Checks each package as its users get it: publint reads the manifest, attw resolves the types.
import { execFileSync, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./prepare.mjs";

const packages = readdirSync(join(root, "packages")).map((name) => ({
  name,
  manifest: JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8")),
}));

const results = [];
for (const { name, manifest } of packages) {
  if (manifest.private) continue;
  const folder = join("packages", name);
  // Manifests name files that packing makes; publint looks for them before it packs.
  execFileSync(process.execPath, [join(root, "scripts/prepack.mjs")], { cwd: join(root, folder) });
  results.push(await run("publint", ["run", folder, "--strict", "--level", "warning"]));
  // A command has no types to resolve.
  if (manifest.exports)
    results.push(await run("attw", ["--pack", folder, "--profile", profileOf(manifest), "--format", "ascii"]));
}
process.exit(results.every((ok) => ok) ? 0 : 1);

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
