// Everything a change must pass. Tests and the checks of what is written run beside each other: two cores are common.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./prepare.mjs";

const bin = (name, ...args) => [join(root, "node_modules/.bin", name), ...args];

/** What later checks and some tests need: the compiled packages. Type-checks tests, too. */
const build = { name: "types", command: [process.execPath, "scripts/build.mjs"] };

/** Commands that check what is written; each counts as one. */
const checks = [
  { name: "format", command: bin("oxfmt", "--check", ".") },
  { name: "lint", command: bin("oxlint", "--type-aware", "--deny-warnings", ".") },
  { name: "spelling", command: bin("cspell", "--no-progress", "--no-summary", ".") },
  { name: "unused code", command: bin("knip") },
  { name: "published packages", command: [process.execPath, "scripts/check-packages.mjs"] },
  { name: "size", command: [process.execPath, "scripts/check-size.mjs"] },
];

/** Runs every check and every test, and ends this process: the last line is "N passed, N failed". */
export async function runChecks() {
  const built = await runCheck(build);
  const [checked, tested] = await Promise.all([runInTurn(checks), runTests()]);
  const results = [built, ...checked];
  const passed = results.filter((ok) => ok).length + tested.passed;
  const failed = results.filter((ok) => !ok).length + tested.failed;
  if (tested.skipped.length > 0)
    console.log(`\nSKIPPED, not checked on this machine:\n  ${tested.skipped.join("\n  ")}`);
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exit(failed === 0 && passed > 0 ? 0 : 1);
}

async function runInTurn(steps) {
  const results = [];
  for (const step of steps) results.push(await runCheck(step));
  return results;
}

/** @returns {Promise<boolean>} whether the command ended with 0; its output is shown only if it did not */
async function runCheck({ name, command }) {
  const start = performance.now();
  const { code, output } = await run(command, "pipe");
  const seconds = ((performance.now() - start) / 1_000).toFixed(1);
  console.log(code === 0 ? `ok      ${name} (${seconds} s)` : `FAILED  ${name} (${seconds} s)\n${output}`);
  return code === 0;
}

async function runTests() {
  const folder = mkdtempSync(join(tmpdir(), "sealcast-tests-"));
  const report = join(folder, "report.json");
  try {
    const { code } = await run(
      bin("vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`),
      "inherit",
    );
    return countTests(JSON.parse(readFileSync(report, "utf8")), code);
  } catch (error) {
    console.error(`The tests gave no report: ${error.message}`);
    return { passed: 0, failed: 1, skipped: [] };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Counts tests, and as one failure each file that could not be loaded. */
function countTests(report, code) {
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  const count = (status) => tests.filter((test) => test.status === status).length;
  const unloaded = report.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.every(({ status }) => status !== "failed"),
  ).length;
  const failed = count("failed") + unloaded;
  return {
    passed: count("passed"),
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: tests.filter(({ status }) => status !== "passed" && status !== "failed").map(({ fullName }) => fullName),
  };
}

function run([command, ...args], stdio) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ["ignore", stdio, stdio] });
    let output = "";
    child.stdout?.on("data", (chunk) => (output += chunk));
    child.stderr?.on("data", (chunk) => (output += chunk));
    child.on("error", (error) => resolve({ code: 1, output: error.message }));
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}
