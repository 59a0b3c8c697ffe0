// npm run bench [-- fanout|publish|latency|memory|connect|churn|webhooks|observers|cluster|crypto …] [-- --quick|--full]: measures the server and writes docs/benchmarks.md.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { build, installPackages, root } from "./prepare.mjs";

installPackages();
build("packages/cli");
build("bench");

const harness = spawn(process.execPath, [join(root, "bench/dist/main.js"), ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
});
harness.on("exit", (code) => process.exit(code ?? 1));
