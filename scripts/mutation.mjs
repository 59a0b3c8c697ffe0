// npm run mutation [-- crypto|protocol|replay-guard …]: changes the code of a package in many small ways, one at a time, and checks
// that a test fails for each. Ends with 1 below the goal. Takes 10 to 40 minutes for a package.
//
// Stryker is installed at the first run, beside the other packages but not among those of `npm install`: nothing else needs it.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installPackages, root } from "./prepare.mjs";

/** The last release that runs on Node.js 20. */
const release = "9.6.1";

const notMutated = ["index", "**/*.test", "**/*.test-d", "testing/**/*"];

/** What is changed, which tests must notice it, and how many percent of the changes at least. */
const targets = {
  crypto: { files: allBut("crypto"), tests: ["packages/crypto/src/**/*.test.ts"], goal: 90 },
  protocol: { files: allBut("protocol"), tests: ["packages/protocol/src/**/*.test.ts"], goal: 85 },
  "replay-guard": {
    files: ["packages/crypto/src/sealed/replay-guard.ts"],
    tests: ["packages/crypto/src/sealed/*.test.ts"],
    goal: 90,
  },
};

installPackages();
const folder = join(root, "node_modules/.cache/mutation");
install();
const chosen = process.argv.slice(2);
const names = chosen.length > 0 ? chosen : ["crypto", "protocol"];
let failed = 0;
for (const name of names) if (!run(name)) failed += 1;
process.exit(failed === 0 ? 0 : 1);

function allBut(name) {
  const source = `packages/${name}/src`;
  return [`${source}/**/*.ts`, ...notMutated.map((pattern) => `!${source}/${pattern}.ts`)];
}

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

/** Returns whether the goal is reached. */
function run(name) {
  const { files, tests, goal } = targets[name] ?? {};
  if (files === undefined) throw new Error(`Unknown: ${name}. Expected ${Object.keys(targets).join(", ")}`);
  const vitestConfig = join(folder, `vitest-${name}.config.mjs`);
  const conditions = ["@sealcast/source", "node"];
  const resolve = { conditions };
  writeFileSync(
    vitestConfig,
    `export default ${JSON.stringify({ resolve, ssr: { resolve }, test: { include: tests, testTimeout: 60_000 } })};\n`,
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
      jsonReporter: { fileName: join(folder, `${name}.json`) },
      thresholds: { high: 100, low: goal, break: goal },
    }),
  );
  const stryker = join(folder, "node_modules/@stryker-mutator/core/bin/stryker.js");
  return spawnSync(process.execPath, [stryker, "run", config], { cwd: root, stdio: "inherit" }).status === 0;
}
