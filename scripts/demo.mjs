// npm run demo: installs and builds what is missing, then runs the server and the encrypted chat beside each other.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { endWithNpm } from "./end-with-npm.mjs";
import { build, installPackages, root } from "./prepare.mjs";

endWithNpm();
installPackages();
build();

const running = [];
process.on("exit", () => running.forEach((child) => child.kill()));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(0));

const flags = process.argv.slice(2);
const app = onAnyAddress() ? ownCredentials() : undefined;
const server = run("packages/cli/bin/sealcast.js", ["start", ...(app?.flags ?? []), ...(await portFlags()), ...flags]);
const [serverUrl] = await firstMatch(server, /http:\/\/[^\s"]+/);
const chat = run("examples/encrypted-chat/dist/main.js", [], { CHAT_SERVER_URL: serverUrl, ...app?.environment });
const [chatUrl] = await firstMatch(chat, /http:\/\/\S+/);

console.log(`
  Encrypted chat    ${chatUrl}   (open it in two tabs, as two users)${phoneHint()}
  Sealcast server   ${serverUrl}

  The server carries the messages and cannot read them: the chat's backend has the key. Ctrl-C stops both.
`);

/** Whether other machines, such as phones, are to reach the demo: `HOST=0.0.0.0 npm run demo`. */
function onAnyAddress() {
  const host = process.env.HOST;
  return host !== undefined && host !== "127.0.0.1" && host !== "localhost";
}

/** The default credentials are known to everyone, so the server refuses them on other addresses. */
function ownCredentials() {
  const folder = mkdtempSync(join(tmpdir(), "sealcast-demo-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const [id, key, secret] = ["1001", randomBytes(10).toString("hex"), randomBytes(20).toString("hex")];
  const config = join(folder, "sealcast.json");
  writeFileSync(config, JSON.stringify({ apps: [{ id, key, secret, clientEvents: true }] }), { mode: 0o600 });
  return {
    flags: ["--config", config, "--host", process.env.HOST],
    environment: { CHAT_APP_ID: id, CHAT_APP_KEY: key, CHAT_APP_SECRET: secret },
  };
}

/** Another free port if the usual one is taken, and none was chosen. */
async function portFlags() {
  const usualPort = 6001;
  const isChosen =
    process.env.SEALCAST_PORT !== undefined || flags.some((flag) => /^(--port|--config|-p|-c)\b/.test(flag));
  if (isChosen || (await isFree(usualPort))) return [];
  console.log(`Port ${usualPort} is in use: the server takes another one.`);
  return ["--port", "0"];
}

function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, process.env.HOST ?? "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}

function phoneHint() {
  if (!onAnyAddress()) return "";
  const addresses = Object.values(networkInterfaces())
    .flat()
    .filter(({ family, internal }) => family === "IPv4" && !internal);
  const { port } = new URL(chatUrl);
  return addresses.map(({ address }) => `\n  On a phone        http://${address}:${port}`).join("");
}

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
