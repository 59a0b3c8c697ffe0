import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer, type TestServer } from "@sealcast/server-testing";
import Pusher from "pusher";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createProgram } from "../../packages/cli/src/program.ts";
import { allCommands } from "../../packages/cli/src/usage-error.ts";
import { RawClient } from "../fixtures/raw-client.ts";
import { SealcastProcess } from "../fixtures/sealcast-process.ts";

interface Credentials {
  readonly id: string;
  readonly key: string;
  readonly secret: string;
}

const adminToken = "a".repeat(40);
const folder = mkdtempSync(join(tmpdir(), "sealcast-apps-commands-"));
let server: TestServer;

beforeAll(async () => {
  server = await startServer({ apps: [], settings: { adminToken, appDatabase: `sqlite:${join(folder, "apps.db")}` } });
}, 60_000);

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** Runs `sealcast apps` and returns its exit code and what it printed. */
async function apps(
  args: readonly string[],
  changes: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const environment = { SEALCAST_URL: server.url, SEALCAST_ADMIN_TOKEN: adminToken, ...changes };
  const command = new SealcastProcess(["apps", ...args], environment);
  return { code: await command.exited, stdout: command.stdout, stderr: command.stderr };
}

/** Runs `sealcast apps` with `--json` and returns the JSON. */
async function json<T>(...args: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await apps([...args, "--json"]);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as T;
}

function publish({ id: appId, key, secret }: Credentials): Promise<{ readonly status: number }> {
  const library = new Pusher({ appId, key, secret, host: "127.0.0.1", port: String(server.port) });
  return library.trigger("news", "headline", {});
}

test("an app is created, listed, shown, changed, disabled, enabled and deleted", async () => {
  const created = await json<Credentials>("create", "--set", "clientEvents=true", "maxConnections=500");
  expect((await publish(created)).status).toBe(200);
  const { id, key } = created;
  expect(await json("list")).toEqual([{ id, enabled: true, keys: [key], webhooks: [] }]);
  expect((await apps(["list"])).stdout).toMatch(new RegExp(`^ID +STATE +KEYS +WEBHOOKS\n${id} +enabled +${key} +0\n$`));
  expect(await json("show", id)).toMatchObject({ id, settings: { clientEvents: true, maxConnections: 500 } });
  const shown = await apps(["show", id]);
  expect(shown.stdout).toMatch(new RegExp(`^KEY +CREATED +LAST USED +RETIRED\n${key} `));
  expect(shown.stdout).toMatch(/^maxConnections +500$/m);
  expect(shown.stdout).not.toContain(created.secret);

  expect((await apps(["change", id, "--set", "maxConnections=null"])).stdout).toBe(`Changed the app ${id}.\n`);
  expect(await json("show", id)).toMatchObject({ settings: { maxConnections: 0 } });

  const client = new RawClient(server.port, { path: `/app/${key}?protocol=7` });
  await client.greeted();
  expect((await apps(["disable", id])).stdout).toContain("Its connections are closed");
  expect((await client.closed).code).toBe(4003);
  expect((await apps(["enable", id])).code).toBe(0);
  expect((await publish(created)).status).toBe(200);
  expect(await json("usage", id)).toMatchObject([{ messages: 2 }]);

  expect((await apps(["delete", id])).stdout).toContain(`Deleted the app ${id}`);
  expect((await apps(["list"])).stdout).toBe("The server has no apps.\n");
}, 60_000);

test("a key is rotated: both work until the old one is retired", async () => {
  const old = await json<Credentials>("create");
  const file = join(folder, "rotated.json");
  const rotated = await apps(["rotate", old.id, "--out", file]);
  expect([rotated.code, rotated.stdout]).toEqual([0, ""]);
  expect(rotated.stderr).toContain(`sealcast apps retire ${old.id} ${old.key}`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const fresh = { id: old.id, ...(JSON.parse(readFileSync(file, "utf8")) as Omit<Credentials, "id">) };
  expect(rotated.stderr).not.toContain(fresh.secret);
  for (const credentials of [old, fresh]) expect((await publish(credentials)).status).toBe(200);
  expect(await json("retire", old.id, old.key)).toEqual({ retired: old.key });
  await expect(publish(old)).rejects.toMatchObject({ status: 401 });
  expect((await publish(fresh)).status).toBe(200);
});

test("the secret of an app that moves comes from a file, and settings from a file, too", async () => {
  const [secretFile, settings] = [join(folder, "secret"), join(folder, "settings.json")];
  writeFileSync(secretFile, "a-secret-from-elsewhere\n");
  writeFileSync(settings, JSON.stringify({ clientEvents: true, allowedOrigins: ["https://example.com"] }));
  const args = ["--id", "moved", "--key", "moved-key", "--secret-file", secretFile, "--settings", settings];
  const created = await apps(["create", ...args]);
  expect(created.stdout).toBe("id      moved\nkey     moved-key\nsecret  a-secret-from-elsewhere\n");
  expect(created.stderr).toBe("Keep the secret: no later answer has it.\n");
  expect(await json("show", "moved")).toMatchObject({ settings: { allowedOrigins: ["https://example.com"] } });
});

test("a file that exists is not replaced, and no app is made whose secret would be lost", async () => {
  const before = await json("list");
  const file = join(folder, "exists.json");
  writeFileSync(file, "mine");
  const failed = await apps(["create", "--out", file]);
  expect([failed.code, failed.stderr]).toEqual([1, `Cannot create ${file}: the file exists already.\n`]);
  expect(readFileSync(file, "utf8")).toBe("mine");
  const refused = join(folder, "refused.json");
  expect((await apps(["create", "--id", "no id", "--out", refused])).code).toBe(1);
  expect(statSync(refused, { throwIfNoEntry: false })).toBeUndefined();
  expect(await json("list")).toEqual(before);
});

test.each([
  [["show", "nobody"], {}, 1, "No app has this id (404).\n"],
  [["retire", "moved", "moved-key"], {}, 1, "This is the last live key of the app: add another one first (409).\n"],
  [["create", "--id", "moved"], {}, 1, "Another app has this id (409).\n"],
  [["create", "--set", "maxConnections=many"], {}, 1, "Invalid setting maxConnections: a whole number from 0 to"],
  [["create", "--set", "maxConnections"], {}, 2, "error: --set needs NAME=VALUE"],
  [["create", "--settings", "/nowhere/settings.json"], {}, 1, "Cannot read /nowhere/settings.json.\n"],
  [["list", "--server", "https://key:secret@example.com"], {}, 2, "error: --server takes an address without key"],
  [["list", "--server", "nowhere"], {}, 1, "--server is not the address of a server. Expected https://HOST.\n"],
  [["list"], { SEALCAST_ADMIN_TOKEN: "" }, 1, "This command needs the admin token of the server: set"],
  [["list"], { SEALCAST_ADMIN_TOKEN: "b".repeat(40) }, 1, "Missing or wrong admin token (401).\n"],
  [["lits"], {}, 2, "error: unknown command 'lits'\n(Did you mean list?)\n"],
])("apps %j with %j says why it failed", async (args, changes, exitCode, reason) => {
  const { code, stderr } = await apps(args, changes);
  expect([code, stderr.slice(0, reason.length)]).toEqual([exitCode, reason]);
});

test("apps of a configuration file are listed, and refused to be changed", async () => {
  const config = join(folder, "sealcast.json");
  const entry = { id: "1001", key: "app-key", secret: "app-secret" };
  writeFileSync(config, JSON.stringify({ port: 0, drainSeconds: 0, adminToken, apps: [entry] }));
  const [fixed, port] = await SealcastProcess.start(["--config", config]);
  const target = ["--server", `http://127.0.0.1:${port}`];
  expect((await apps(["list", ...target])).stdout).toContain("1001  enabled  app-key");
  expect(await apps(["create", ...target])).toMatchObject({
    code: 1,
    stderr: "The apps come from the configuration: change them there (409).\n",
  });
  fixed.signal("SIGTERM");
  await fixed.exited;
});

test("no flag of any command takes a secret, a token or a password itself", async () => {
  const flags = allCommands(await createProgram("0")).flatMap((command) =>
    command.options.map(({ flags: text }) => text),
  );
  const secret = flags.filter((text) => /secret|token|password|master-key/.test(text) && !/<FILE>/.test(text));
  // Flags of `start`, which docs/configuration.md says to set as variables instead.
  expect(secret.filter((text) => !/^--(?:admin|metrics)-token|^--app-secret-keys/.test(text))).toEqual([]);
});
