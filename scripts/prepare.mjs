// Brings a clone into a state in which it runs. Plain Node.js without dependencies: it works before `npm ci` has run.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the clone. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Installs packages if they are missing or differ from the lock file. Nothing here runs on a Node.js that is too old. */
export function installPackages() {
  refuseOldNode();
  if (packagesAreInstalled()) return;
  console.log("Installing packages (npm ci) …");
  const npm = process.env.npm_execpath;
  // NODE_ENV=production would leave out the compiler, which builds what is then started.
  const ci = ["ci", "--include=dev"];
  const [command, ...args] = npm === undefined ? ["npm", ...ci] : [process.execPath, npm, ...ci];
  run(command, args, "npm ci");
}

/**
 * Compiles what changed since the last time, and bundles the pages of the console and of the encrypted chat.
 *
 * @param {string[]} projects folders of projects, each with everything that it refers to; all if there is none.
 */
export function build(...projects) {
  compile(...projects);
  run(process.execPath, ["packages/console/scripts/bundle.mjs"], "The console");
  run(process.execPath, ["examples/encrypted-chat/scripts/bundle.mjs"], "The page of the encrypted chat");
}

/** Compiles what changed since the last time. @param {string[]} projects as for `build` */
export function compile(...projects) {
  run(process.execPath, ["node_modules/typescript/bin/tsc", "-b", ...projects], `tsc -b ${projects.join(" ")}`);
}

/** Ends this process if Node.js is older than what `package.json` asks for. */
function refuseOldNode() {
  const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const wanted = engines.node.replace(">=", "");
  const [major, minor] = wanted.split(".").map(Number);
  const [itsMajor, itsMinor] = process.versions.node.split(".").map(Number);
  if (itsMajor > major || (itsMajor === major && itsMinor >= minor)) return;
  console.error(`Expected Node.js ${wanted} or newer, got ${process.versions.node}: https://nodejs.org/en/download`);
  process.exit(1);
}

/** Compares what npm wrote down about the installed packages with the lock. */
function packagesAreInstalled() {
  const written = join(root, "node_modules/.package-lock.json");
  if (!existsSync(written)) return false;
  const installed = readPackages(written);
  return [...readPackages(join(root, "package-lock.json"))]
    .filter(([path, entry]) => path.startsWith("node_modules/") && !entry.optional)
    .every(([path, entry]) => {
      const found = installed.get(path);
      return found !== undefined && found.version === entry.version && found.integrity === entry.integrity;
    });
}

/** @returns {Map<string, { version?: string; integrity?: string; optional?: boolean }>} entries of a lock by path */
function readPackages(path) {
  return new Map(Object.entries(JSON.parse(readFileSync(path, "utf8")).packages));
}

/** Runs a command in the clone. Ends this process if it fails. */
function run(command, args, name) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit", shell: command === "npm" });
  if (status !== 0) {
    console.error(`${name} failed.`);
    process.exit(status ?? 1);
  }
}
