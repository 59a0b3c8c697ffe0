// Adds to package-lock.json the packages of other platforms that npm left out because the registry at hand does not have
// them. `npm ci` refuses a lock without them, on every platform. Run it after `npm install` has changed the lock.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./prepare.mjs";

const systems = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"];
const processors = ["arm", "arm64", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "wasm32", "x64"];
/** How some packages abbreviate. */
const longForms = new Map([
  ["64", "x64"],
  ["32", "ia32"],
  ["windows", "win32"],
]);

const path = join(root, "package-lock.json");
const lock = JSON.parse(readFileSync(path, "utf8"));

for (const [place, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (isThere(place, name)) continue;
    lock.packages[`node_modules/${name}`] = { version, optional: true, ...platformOf(name), ...marksOf(entry) };
    console.log(`added ${name} ${version}`);
  }
}
const sorted = Object.entries(lock.packages).toSorted(([a], [b]) => a.localeCompare(b, "en"));
writeFileSync(path, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, undefined, 2)}\n`);

/** Whether a package in `place` finds another by walking up, as Node.js does. */
function isThere(place, name) {
  for (let folder = place; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))) {
    if (Object.hasOwn(lock.packages, `${folder === "" ? "" : `${folder}/`}node_modules/${name}`)) return true;
    if (folder === "") return false;
  }
}

/** Reads system, processor and C library from a name such as `@oxfmt/binding-linux-arm64-musl`: only these install it. */
function platformOf(name) {
  const words = name.split(/[/-]/).map((word) => longForms.get(word) ?? word);
  const os = words.filter((word) => systems.includes(word));
  const cpu = words.filter((word) => processors.includes(word));
  if (os.length !== 1 || cpu.length !== 1) throw new Error(`${name} does not say for which platform it is`);
  const musl = words.some((word) => word.startsWith("musl"));
  const glibc = words.some((word) => word.startsWith("gnu") || word === "glibc");
  return { os, cpu, ...(musl && { libc: ["musl"] }), ...(glibc && { libc: ["glibc"] }) };
}

function marksOf({ dev, engines }) {
  return { ...(dev && { dev }), ...(engines && { engines }) };
}
