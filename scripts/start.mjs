// npm start: installs and builds what is missing, then runs `sealcast start` with the given flags.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { endWithNpm } from "./end-with-npm.mjs";
import { build, installPackages, root } from "./prepare.mjs";

endWithNpm();
installPackages();
build("packages/cli");

const cli = join(root, "packages/cli/bin/sealcast.js");
const onBun = process.argv.includes("--runtime=bun");
const flags = process.argv.slice(2).filter((flag) => flag !== "--runtime=bun");
// Paths in flags are relative to where the user typed the command; npm changes to the folder of package.json.
process.chdir(process.env.INIT_CWD ?? ".");

if (onBun) {
  const bun = spawn(join(root, "node_modules/.bin/bun"), [cli, "start", ...flags], { stdio: "inherit" });
  // A terminal sends SIGINT to both; only this process receives SIGTERM.
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => bun.kill("SIGTERM"));
  bun.on("exit", (code) => process.exit(code ?? 1));
} else {
  process.argv.splice(2, Infinity, "start", ...flags);
  await import(cli);
}
