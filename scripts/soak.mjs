// npm run soak: the random schedules, each for as long as SOAK_SECONDS says (an hour by default), ten minutes of rolling restarts,
// the log of the console, 10,000 joins and leaves on a cluster, a minute of a malicious broker, and a minute of each attack on a
// server. SEED repeats a run.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { installDebianPackages } from "./install-debian-packages.mjs";
import { build, installPackages, root } from "./prepare.mjs";

installPackages();
installDebianPackages();
build();
const environment = {
  SOAK_SECONDS: "3600",
  ROLLING_SECONDS: "600",
  SOAK_CONSOLE_SECONDS: "180",
  SOAK_VERBOSE: "1",
  STORM_CHANGES: "10000",
  ATTACKED_SECONDS: "60",
  ATTACK_SECONDS: "60",
  ...process.env,
};
const tests = [
  "tests/cluster/schedule.test.ts",
  "tests/cluster/schedule-redis-cluster.test.ts",
  "tests/cluster/rolling-restart.test.ts",
  "tests/browser/console-load.test.ts",
  "tests/webhooks/storm.test.ts",
  "tests/browser/console-first-load.test.ts",
  "tests/encryption/sealed/malicious-broker.test.ts",
  "tests/hostile/under-attack.test.ts",
];
const args = ["run", ...tests, ...process.argv.slice(2)];
const vitest = spawn(join(root, "node_modules/.bin/vitest"), args, { cwd: root, env: environment, stdio: "inherit" });
vitest.on("close", (code) => process.exit(code ?? 1));
