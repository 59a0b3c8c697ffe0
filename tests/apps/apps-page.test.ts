import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { textOf } from "../fixtures/repository.ts";
import { SealcastProcess } from "../fixtures/sealcast-process.ts";
import { adminToken } from "./admin-client.ts";

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "sealcast-apps-page-"));
const commands = [...textOf("docs/apps.md").matchAll(/```sh\n( *curl [^`]+)```/g)].map(([, command = ""]) => command);
let server: SealcastProcess;
let port = 0;

beforeAll(async () => {
  [server, port] = await SealcastProcess.start([], {
    SEALCAST_ADMIN_TOKEN: adminToken,
    SEALCAST_APP_SECRET_KEYS: Buffer.alloc(32, 9).toString("base64"),
    SEALCAST_APP_DATABASE: `sqlite:${join(folder, "apps.db")}`,
  });
});

afterAll(async () => {
  server.signal("SIGTERM");
  await server.exited;
  rmSync(folder, { recursive: true });
});

/** Runs a command of the page as an operator would, and returns its answer. */
async function type(command: string | undefined, variables: Readonly<Record<string, string>>): Promise<unknown> {
  const env = { PATH: process.env["PATH"], SEALCAST_ADMIN_TOKEN: adminToken, ...variables };
  const text = (command ?? "").replace("127.0.0.1:6001", `127.0.0.1:${port}`);
  const { stdout } = await run("sh", ["-c", text.replace("curl ", "curl --fail-with-body --silent ")], { env });
  return JSON.parse(stdout);
}

test("the commands of docs/apps.md work as it says", async () => {
  const [create, change, show, remove, addKey, retireKey, usage] = commands;
  expect(commands).toHaveLength(7);
  expect(server.stdout).toContain("none yet");
  const app = (await type(create, {})) as { id: string; key: string; secret: string };
  expect(app.secret).toHaveLength(64);
  const variables = { APP: app.id, KEY: app.key };
  expect(await type(change, variables)).toEqual({ settings: { clientEvents: true, enabled: false } });
  expect(await type(addKey, variables)).toMatchObject({ secret: expect.any(String) as unknown });
  expect(await type(retireKey, variables)).toEqual({});
  expect(await type(show, variables)).toMatchObject({
    id: app.id,
    settings: { maxConnections: 0, enabled: false },
    keys: [{ key: app.key, retiredMs: expect.any(Number) as unknown }, { retiredMs: null }],
  });
  expect(await type(usage, variables)).toEqual({ days: [] });
  expect(await type(remove, variables)).toEqual({});
});

test("a database that cannot be reached stops the start with a reason", async () => {
  const url = "postgresql://somebody:a-password@127.0.0.1:1/apps";
  const failing = new SealcastProcess(["start", "--port", "0"], { SEALCAST_APP_DATABASE: url });
  expect(await failing.exited).toBe(1);
  expect(failing.stderr).toContain("expected  a database for the apps");
  expect(failing.stderr).toContain("ECONNREFUSED");
  expect(failing.stderr).not.toContain("a-password");
});

test("apps in the configuration beside a database stop the start", async () => {
  const failing = new SealcastProcess(["start", "--port", "0"], {
    SEALCAST_APP_DATABASE: "sqlite:nowhere.db",
    SEALCAST_APPS: JSON.stringify([{ id: "1", key: "app-key", secret: "app-secret" }]),
  });
  expect(await failing.exited).toBe(1);
  expect(failing.stderr).toContain("no list of apps beside appDatabase");
});
