import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer, testApp, type TestServer } from "@sealcast/server-testing";
import { generateMasterKey, Sealcast } from "@sealcast/server-sdk";
import { Sealcast as Client } from "@sealcast/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { consoleFiles } from "../../packages/cli/src/start/console-files.ts";
import { createProgram } from "../../packages/cli/src/program.ts";
import { commandPaths } from "../../packages/cli/src/usage-error.ts";
import { root, textOf } from "../fixtures/repository.ts";

const page = textOf("docs/cli.md");
const examples = [...page.matchAll(/^```sh\n([^]*?)^```/gm)].flatMap(([, lines = ""]) => lines.trim().split("\n"));
const masterKey = generateMasterKey();
const adminToken = "a".repeat(40);
const receiver = createServer((_, response) => response.end());

let server: TestServer;
/** A server whose apps are in a database. */
let appServer: TestServer;
let folder: string;
let client: Client;
let publishing: ReturnType<typeof setInterval>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sealcast-examples-"));
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  const channels = { prefix: "", suffix: "" };
  const webhook = { url, events: ["channel_occupied" as const], channels, headers: {}, batch: false };
  server = await startServer({
    apps: [testApp({ history: [{ prefix: "", size: 10, ttlSeconds: 60 }], webhooks: [webhook] })],
    settings: { adminToken, dataDirectory: join(folder, "data"), allowPrivateWebhookTargets: true },
    // The console without operators is open on this machine.
    ports: { consoleFiles: consoleFiles() },
  });
  appServer = await startServer({
    apps: [],
    settings: { adminToken, appDatabase: `sqlite:${join(folder, "apps.db")}` },
  });
  mkdirSync(join(folder, "bin"));
  const command = join(folder, "bin/sealcast");
  writeFileSync(
    command,
    `#!/bin/sh\nexec "${process.execPath}" "${join(root, "packages/cli/bin/sealcast.js")}" "$@"\n`,
  );
  chmodSync(command, 0o755);
  const apps = [{ id: "1001", key: "app-key", secret: "app-secret" }];
  writeFileSync(join(folder, "sealcast.json"), JSON.stringify({ port: 0, drainSeconds: 0, apps }));
  // Somebody is on the channels of the page, and something happens on them.
  const api = Sealcast.forURL(urlOf(server), { encryptionMasterKeyBase64: masterKey });
  client = new Client("app-key", { url: server.url, channelAuthorization: { customHandler: authorize } });
  for (const name of ["news", "presence-room"]) client.subscribe(name);
  publishing = setInterval(() => {
    api.trigger(["news", "private-encrypted-orders"], "tick", "x").catch(() => undefined);
  }, 100);
  function authorize({ channelName, socketId }: { channelName: string; socketId: string }): Promise<{ auth: string }> {
    return Promise.resolve(api.authorizeChannel(socketId, channelName, { user_id: "ada" }));
  }
}, 60_000);

afterAll(async () => {
  clearInterval(publishing);
  client.disconnect();
  await server.close();
  await appServer.close();
  receiver.close();
  rmSync(folder, { recursive: true });
});

function urlOf({ port }: TestServer): string {
  return `http://app-key:app-secret@127.0.0.1:${port}/apps/1001`;
}

test.each(commandPaths(await createProgram("0")))("docs/cli.md has an example of %s", (path) => {
  expect(examples.some((line) => line.includes(`sealcast ${path}`))).toBe(true);
});

/** Whether an example is run as people type it, in a terminal. Scripts read JSON, and what a pipe or a file takes. */
function isForTerminal(line: string): boolean {
  return !/[|>$]|--json|^timeout|sealcast start/.test(line);
}

/** Program and arguments that run an example; in a terminal, `script` is the terminal. */
function commandOf(line: string): readonly [string, readonly string[]] {
  if (isForTerminal(line)) return ["script", ["-qec", line, "/dev/null"]];
  return ["bash", ["-c", line.includes("sealcast start") ? `exec ${line}` : `set -o pipefail; ${line}`]];
}

const title = (line: string): string => `${line} (in a ${isForTerminal(line) ? "terminal" : "pipe"})`;

test.each(examples.map((line) => [title(line), line]))("the example runs: %s", async (_, line) => {
  const [program, args] = commandOf(line);
  const child = spawn(program, args, {
    cwd: folder,
    env: {
      PATH: `${join(folder, "bin")}:${process.env["PATH"]}`,
      TERM: "xterm",
      SEALCAST_URL: line.startsWith("sealcast apps") ? appServer.url : urlOf(server),
      SEALCAST_MASTER_KEY: masterKey,
      SEALCAST_ADMIN_TOKEN: adminToken,
      XDG_CONFIG_HOME: folder,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let errors = "";
  child.stderr.on("data", (part: Buffer) => (errors += part.toString()));
  child.stdout.on("data", (part: Buffer) => {
    output += part.toString();
    if (line.includes("sealcast start") && output.includes("pusher.subscribe")) child.kill("SIGTERM");
  });
  const [code] = (await once(child, "close")) as [number | null];
  expect([code, code === 0 ? "" : output + errors]).toEqual([0, ""]);
  if (line.includes("--json")) for (const text of output.trim().split("\n")) JSON.parse(text);
  expect(output + errors).not.toMatch(/app-secret|undefined|\[object/);
  // A terminal gets colors, and lines of progress that erase themselves; a pipe gets neither.
  const [, ...controls] = (output + errors).split("\u001B");
  expect(controls.filter((text) => !isForTerminal(line) || !/^\[(?:\d*m|K)/.test(text))).toEqual([]);
});
