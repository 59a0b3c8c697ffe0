// npm run mutation [-- crypto|protocol|crypto/sealed|crypto/sealed/replay-guard …]: changes the code of a package, a folder or a
// file in many small ways, one at a time, and checks that a test fails for each. Ends with 1 below the goal.
// A package takes 10 to 60 minutes.
//
// Stryker is installed at the first run, beside the other packages but not among those of `npm install`: nothing else needs it.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installPackages, root } from "./prepare.mjs";

/** The last release that runs on Node.js 20. */
const release = "9.6.1";

const notMutated = ["index", "**/*.test", "**/*.test-d", "testing/**/*"];

/** How many percent of the changes the tests of each package must notice. */
const goals = { crypto: 90, protocol: 85 };
/** These tests are about libraries of others, with thousands of cases. They would run for every change. */
const notRun = ["packages/crypto/src/wycheproof.test.ts", "packages/crypto/src/ciphers/differential.test.ts"];

installPackages();
const folder = join(root, "node_modules/.cache/mutation");
install();
const chosen = process.argv.slice(2);
const results = (chosen.length > 0 ? chosen : Object.keys(goals)).map((target) => run(target));
process.exit(results.includes(false) ? 1 : 0);

function install() {
  if (existsSync(join(folder, "node_modules/@stryker-mutator/vitest-runner"))) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "private": true }');
  const packages = ["core", "vitest-runner"].map((name) => `@stryker-mutator/${name}@${release}`);
  // Its peer is the repository's own vitest.
  const flags = ["--legacy-peer-deps", "--no-audit", "--no-fund", "--silent"];
  const { status } = spawnSync("npm", ["install", ...flags, ...packages], { cwd: folder, stdio: "inherit" });
  if (status !== 0) throw new Error("Stryker cannot be installed");
}

/** Changes a package, or a part of it. Returns whether the goal is reached. */
function run(target) {
  const [name, ...path] = target.split("/");
  const goal = goals[name];
  if (goal === undefined) throw new Error(`Unknown: ${name}. Expected ${Object.keys(goals).join(" or ")}`);
  const source = `packages/${name}/src`;
  const part = [source, ...path].join("/");
  const changed = existsSync(join(root, `${part}.ts`)) ? `${part}.ts` : `${part}/**/*.ts`;
  const files = [changed, ...notMutated.map((pattern) => `!${source}/${pattern}.ts`)];
  const include = [`${source}/**/*.test.ts`];
  const vitestConfig = join(folder, `vitest-${name}.config.mjs`);
  const conditions = ["@sealcast/source", "node"];
  const resolve = { conditions };
  writeFileSync(
    vitestConfig,
    `export default ${JSON.stringify({ resolve, ssr: { resolve }, test: { include, exclude: notRun, testTimeout: 60_000 } })};\n`,
  );
  const config = join(folder, `stryker-${name}.json`);
  writeFileSync(
    config,
    JSON.stringify({
      mutate: files,
      testRunner: "vitest",
      plugins: [join(folder, "node_modules/@stryker-mutator/vitest-runner/dist/src/index.js")],
      vitest: { configFile: vitestConfig, related: false },
      // TypeScript 7 has no functions that Stryker could read its configuration with.
      tsconfigFile: "none.json",
      coverageAnalysis: "perTest",
      // A change of a constant that is read when the file is loaded would need all tests.
      ignoreStatic: true,
      concurrency: 2,
      timeoutMS: 30_000,
      ignorePatterns: ["**/dist", "docs", "bench", "deploy", "examples", "tests", "packages/console"],
      tempDirName: join(root, "node_modules/.cache/mutation/sandboxes"),
      reporters: ["clear-text", "json"],
      clearTextReporter: { reportTests: false, logTests: false, allowColor: false },
      jsonReporter: { fileName: join(folder, `${target.replaceAll("/", "-")}.json`) },
      thresholds: { high: 100, low: goal, break: goal },
    }),
  );
  const stryker = join(folder, "node_modules/@stryker-mutator/core/bin/stryker.js");
  return spawnSync(process.execPath, [stryker, "run", config], { cwd: root, stdio: "inherit" }).status === 0;
}
