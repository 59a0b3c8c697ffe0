// npm run soak: the random schedules, for as long as SOAK_SECONDS says (an hour by default), and the log of the console. SEED repeats a run.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { installDebianPackages } from "./install-debian-packages.mjs";
import { build, installPackages, root } from "./prepare.mjs";

installPackages();
installDebianPackages();
build();
const environment = { SOAK_SECONDS: "3600", SOAK_CONSOLE_SECONDS: "180", SOAK_VERBOSE: "1", ...process.env };
const args = ["run", "tests/cluster/schedule.test.ts", "tests/browser/console-load.test.ts", ...process.argv.slice(2)];
const vitest = spawn(join(root, "node_modules/.bin/vitest"), args, { cwd: root, env: environment, stdio: "inherit" });
vitest.on("close", (code) => process.exit(code ?? 1));
