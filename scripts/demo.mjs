// npm run demo: installs and builds what is missing, then runs the server and the encrypted chat beside each other.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { endWithNpm } from "./end-with-npm.mjs";
import { build, installPackages, root } from "./prepare.mjs";

endWithNpm();
installPackages();
build("packages/cli");
build("examples/encrypted-chat");

const running = [];
process.on("exit", () => running.forEach((child) => child.kill()));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(0));

const server = run("packages/cli/bin/sealcast.js", ["start", ...process.argv.slice(2)]);
const [serverUrl] = await firstMatch(server, /http:\/\/\S+/);
const chat = run("examples/encrypted-chat/dist/main.js", [], { CHAT_SERVER_URL: serverUrl });
const [chatUrl] = await firstMatch(chat, /http:\/\/\S+/);

console.log(`
  Encrypted chat    ${chatUrl}   (open it in two tabs, as two users)
  Sealcast server   ${serverUrl}

  The server carries the messages and cannot read them: the chat's backend has the key. Ctrl-C stops both.
`);

function run(script, args, environment = {}) {
  const child = spawn(process.execPath, [join(root, script), ...args], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  running.push(child);
  child.on("exit", (code) => process.exit(code ?? 1));
  return child;
}

/** Waits for a line of a child; a child that ends first ends this process, too. */
function firstMatch(child, pattern) {
  let output = "";
  return new Promise((resolve) => {
    child.stdout.on("data", (part) => {
      output += part;
      const match = pattern.exec(output);
      if (match) resolve(match);
    });
  });
}
