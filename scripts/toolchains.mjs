// npm run toolchains: packs all packages, installs them in empty projects with the tools that people use, and has each open
// one encrypted event from the real server. Writes docs/toolchains.md and ends with 1 if one fails.
//
// Options: `--fast` runs only rows that need no registry; other arguments are parts of names of rows to run.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, installPackages, root } from "./prepare.mjs";
import { packAll, Project } from "./toolchains/project.mjs";
import { tablePage } from "./toolchains/table-page.mjs";
import { startWorld } from "./toolchains/world.mjs";
import { bundlers } from "./toolchains/rows/bundlers.mjs";
import { frameworks } from "./toolchains/rows/frameworks.mjs";
import { runtimes } from "./toolchains/rows/runtimes.mjs";
import { testRunners } from "./toolchains/rows/test-runners.mjs";
import { typescript } from "./toolchains/rows/typescript.mjs";

const groups = {
  Runtimes: runtimes,
  Bundlers: bundlers,
  Frameworks: frameworks,
  "Test runners": testRunners,
  TypeScript: typescript,
};

/**
 * Runs the rows that `choose` returns true for.
 *
 * @returns one result per row: group, tool, version, and the problem if it failed
 */
export async function runToolchains(choose, tell = console.log) {
  const tarballs = await packAll();
  const library = new Project(tarballs);
  await library.unpack();
  const world = await startWorld(library.folder);
  const results = [];
  try {
    for (const [group, rows] of Object.entries(groups)) {
      for (const row of rows.filter(choose)) {
        const result = { group, ...(await runRow(row, tarballs, world)) };
        results.push(result);
        tell(`${result.problem === undefined ? "ok    " : "FAILED"}  ${result.tool} ${result.version}`);
        if (result.problem !== undefined) tell(result.problem);
      }
    }
  } finally {
    world.stop();
    library.remove();
    rmSync(tarballs, { recursive: true });
  }
  return results;
}

async function runRow({ tool, packages = [], version, run, ownWarning }, tarballs, world) {
  const project = new Project(tarballs);
  let found = "";
  try {
    if (packages.length > 0) await project.install(...packages);
    else await project.unpack();
    found = await version(project);
    await run(project, world);
    const lines = project.output.split("\n").filter((line) => !ownWarning?.test(line));
    const warning = lines.find((line) => /\bwarn(ing)?\b/i.test(line));
    const problem = warning === undefined ? undefined : `It warns: ${warning}`;
    return { tool, version: found, problem };
  } catch (error) {
    return { tool, version: found, problem: error.message };
  } finally {
    if (process.env.KEEP_PROJECTS === undefined) project.remove();
    else console.log(`        kept ${project.folder}`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  installPackages();
  build("packages/cli");
  const names = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
  const isFast = process.argv.includes("--fast");
  const chosen = ({ tool, packages = [], fast = false }) =>
    (!isFast || fast) &&
    (names.length === 0 ||
      names.some((name) => `${tool} ${packages.join(" ")}`.toLowerCase().includes(name.toLowerCase())));
  const results = await runToolchains(chosen);
  const page = join(root, "docs/toolchains.md");
  if (!isFast) writeFileSync(page, tablePage(results, existsSync(page) ? readFileSync(page, "utf8") : ""));
  const failed = results.filter(({ problem }) => problem !== undefined).length;
  console.log(`\n${results.length - failed} passed, ${failed} failed`);
  process.exit(failed === 0 && results.length > 0 ? 0 : 1);
}
