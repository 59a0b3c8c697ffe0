import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { callApi, publish, send } from "../fixtures/api-request.ts";
import { RawClient } from "../fixtures/raw-client.ts";
import { root } from "../fixtures/repository.ts";
import { SealcastProcess } from "../fixtures/sealcast-process.ts";

const app = { id: "1001", key: "app-key", secret: "app-secret" };
let folder: string;
let path: string;
let running: SealcastProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sealcast-start-"));
  path = join(folder, "sealcast.json");
});

afterEach(async () => {
  running?.signal("SIGKILL");
  await running?.exited;
  running = undefined;
  await rm(folder, { recursive: true });
});

async function start(...args: string[]): Promise<number> {
  const [server, port] = await SealcastProcess.start(args);
  running = server;
  return port;
}

async function run(
  args: string[],
  environment?: Record<string, string>,
  runtime?: string,
): Promise<[number | null, SealcastProcess]> {
  running = new SealcastProcess(args, environment, runtime);
  return [await running.exited, running];
}

const writeConfig = (config: unknown): Promise<void> => writeFile(path, JSON.stringify(config));

describe("start", () => {
  test("serves the example app, and says where, on what and how to connect", async () => {
    const port = await start();
    expect(running?.stdout).toMatch(/Sealcast 0\.1\.0 on Node\.js \d+/);
    expect(running?.stdout).toContain('new Pusher("app-key"');
    expect(running?.stdout).toContain(`Console  http://127.0.0.1:${port}/console`);
    const client = await RawClient.connect(port);
    await client.subscribe("news");
    await publish(port, "news", "flash", "{}");
    expect(await client.next("flash")).toMatchObject({ channel: "news" });
    await client.close();
  });

  test("loads the libraries that every server needs, and no database or Redis library", async () => {
    const packages = join(folder, "packages");
    const [server] = await SealcastProcess.start([], {
      NODE_OPTIONS: `--import ${pathToFileURL(join(root, "tests/fixtures/record-packages.mjs")).href}`,
      PACKAGES_FILE: packages,
    });
    running = server;
    const names = (await readFile(packages, "utf8")).trim().split("\n");
    expect([...new Set(names)].toSorted()).toEqual([
      "@humanwhocodes/momoa",
      "commander",
      "fastest-levenshtein",
      "ipaddr.js",
      "pino",
      "ws",
      "zod",
    ]);
  });

  test("logs one JSON object per line to stderr, without secrets or payloads", async () => {
    const port = await start("--log-level", "debug");
    const client = await RawClient.connect(port);
    await client.subscribe("private-news");
    await publish(port, "private-news", "flash", '"the-payload"');
    await client.next("flash");
    await client.close();
    running?.signal("SIGTERM");
    expect(await running?.exited).toBe(0);
    const lines = (running?.stderr ?? "").trim().split("\n");
    for (const line of lines)
      expect(JSON.parse(line)).toMatchObject({ event: expect.stringMatching(/^[a-z_]+\.[a-z_]+$/) as string });
    expect(running?.stderr).not.toMatch(/app-secret|the-payload/);
  });

  test("stops with the full list of problems", async () => {
    await writeConfig({ prot: 1, apps: [{ ...app, maxEventBytes: "a lot" }] });
    const [code, { stderr, stdout }] = await run(["start", "--config", path, "--host", "0.0.0.0"], {
      SEALCAST_LOG_LEVEL: "x",
    });
    expect([code, stdout]).toEqual([1, ""]);
    for (const part of [
      "4 problems",
      "prot",
      'apps[0].maxEventBytes (app "1001")',
      "SEALCAST_LOG_LEVEL",
      "sealcast keys",
    ]) {
      expect(stderr).toContain(part);
    }
    expect(stderr).not.toContain("app-secret");
  });

  test("says so when the port is taken", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const [code, { stderr }] = await run(["start", "--port", String(port)]);
    other.close();
    expect(code).toBe(1);
    expect(stderr).toContain("a port that another program uses");
    expect(stderr).toContain("--port");
  });

  test("says so when the port of the metrics is taken", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const [code, { stderr }] = await run(["start", "--port", "0", "--metrics-port", String(port)]);
    other.close();
    expect(code).toBe(1);
    expect(stderr).toContain("a port that another program uses");
    expect(stderr).toContain("--metrics-port");
  });

  test.each([
    ["Node.js", process.execPath],
    ["Bun", join(root, "node_modules/.bin/bun")],
  ])("says so when there is no such host, on %s", async (_, runtime) => {
    await writeConfig({ apps: [{ ...app, secret: "another-secret" }] });
    const args = ["start", "--config", path, "--host", "nobody.invalid", "--port", "0"];
    const [code, { stderr }] = await run(args, {}, runtime);
    expect(code).toBe(1);
    expect(stderr).toMatch(/a host name that (does not exist|cannot be looked up)/);
  });

  test("says so when it cannot listen for a rarer reason", async () => {
    await writeConfig({ apps: [{ ...app, secret: "another-secret" }] });
    const [code, { stderr }] = await run(["start", "--config", path, "--host", "fe80::1", "--port", "0"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/got +an address that this machine (cannot use|does not have)/);
    expect(stderr).not.toContain("    at ");
  });

  test("what keys prints starts a server on every address", async () => {
    const [code, { stdout, stderr }] = await run(["keys"]);
    expect(code).toBe(0);
    expect(stderr).toContain("Never give it to the server");
    await writeFile(path, stdout);
    const { id, key, secret } = (JSON.parse(stdout) as { apps: [typeof app] }).apps[0];
    const port = await start("--config", path, "--host", "0.0.0.0");
    const answer = await callApi(port, { method: "GET", path: "/channels", appId: id, key, secret });
    expect(answer.status).toBe(200);
  });

  test("keeps running when the reader of its standard output exits", async () => {
    running = new SealcastProcess(["--help"]);
    running.stopReading();
    expect([await running.exited, running.stderr]).toEqual([0, ""]);
  });

  test("keys --out creates a file that only its owner can read, and never overwrites one", async () => {
    const [code, { stdout, stderr }] = await run(["keys", "--out", path]);
    expect([code, stdout]).toEqual([0, ""]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const written = await readFile(path, "utf8");
    const [again, { stderr: reason }] = await run(["keys", "--out", path]);
    expect([again, reason]).toEqual([1, `Cannot create ${path}: the file exists already.\n`]);
    expect(await readFile(path, "utf8")).toBe(written);
    expect(written).not.toContain(stderr.trim().split("\n").at(-1));
  });

  test("wrong usage ends with 2, and names the close command", async () => {
    const [code, { stderr }] = await run(["strat"]);
    expect(code).toBe(2);
    expect(stderr).toContain("Did you mean start?");
  });
});

describe("apps are followed while the server runs", () => {
  test("a good change is taken over, a bad one is logged and changes nothing", async () => {
    await writeConfig({ apps: [app] });
    const port = await start("--config", path);
    const statusOf = async (appId: string): Promise<number> =>
      (await callApi(port, { method: "GET", path: "/channels", appId, secret: "other-secret", key: "other" })).status;
    expect(await statusOf("7")).toBe(404);

    const other = { id: "7", key: "other", secret: "other-secret" };
    await writeConfig({ apps: [app, other] });
    await running?.wrote(/config\.apps_replaced/);
    expect(await statusOf("7")).toBe(200);

    await writeConfig({ apps: [app, { ...other, secret: "no" }] });
    await running?.wrote(/config\.rejected.*apps\[1\]\.secret \(app \\"7\\"\).*"fix":/);
    expect(await statusOf("7")).toBe(200);

    await writeConfig({ drainSeconds: 9, apps: [app, other] });
    await running?.wrote(/config\.restart_needed","options":"drainSeconds"/);
    expect((await send(port, "GET", "/health/live")).status).toBe(200);
    expect(running?.stderr).not.toContain("other-secret");
  });
});

describe("a path that becomes something else than a file", () => {
  test.each([
    ["a named pipe", () => execFileSync("mkfifo", [path])],
    ["a directory", () => mkdirSync(path)],
    ["a dangling link", () => symlinkSync(join(folder, "gone"), path)],
    ["a device", () => symlinkSync("/dev/zero", path)],
  ])("%s is logged at the reload, and neither that nor the end waits", async (_, prepare) => {
    await writeConfig({ apps: [app] });
    const port = await start("--config", path);
    await rm(path);
    prepare();
    running?.signal("SIGHUP");
    await running?.wrote(/config\.rejected.*a regular file/);
    expect((await callApi(port, { method: "GET", path: "/channels" })).status).toBe(200);
    running?.signal("SIGTERM");
    expect(await running?.exited).toBe(0);
  });
});

describe("signals", () => {
  test("SIGHUP reads the configuration again, and ends nothing", async () => {
    await writeConfig({ apps: [app] });
    await start("--config", path);
    running?.signal("SIGHUP");
    await running?.wrote(/config\.reloading/);
    await writeConfig({ apps: [app, { ...app, id: "7", key: "other" }] });
    running?.signal("SIGHUP");
    await running?.wrote(/config\.apps_replaced","apps":2/);
    running?.signal("SIGTERM");
    expect(await running?.exited).toBe(0);
  });

  test("SIGHUP without a file ends nothing, either", async () => {
    const port = await start();
    running?.signal("SIGHUP");
    await running?.wrote(/config\.reloading/);
    expect((await send(port, "GET", "/health/live")).status).toBe(200);
  });

  test("SIGTERM tells every client to reconnect and ends with 0", async () => {
    const port = await start("--drain-seconds", "1");
    const clients = await Promise.all(Array.from({ length: 5 }, () => RawClient.connect(port)));
    running?.signal("SIGTERM");
    for (const client of clients) expect(await client.closed).toMatchObject({ code: 4200 });
    expect(await running?.exited).toBe(0);
  });

  test("a second one ends at once", async () => {
    const port = await start("--drain-seconds", "300");
    const clients = await Promise.all(Array.from({ length: 3 }, () => RawClient.connect(port)));
    running?.signal("SIGTERM");
    await running?.wrote(/server\.draining/);
    running?.signal("SIGTERM");
    expect(await running?.exited).toBe(143);
    await Promise.all(clients.map((client) => client.closed));
  });
});

describe("the limit of open files", () => {
  test.each([
    { files: 1_024, line: "server.few_open_files", level: "warn" },
    { files: 4_096, line: "server.open_files", level: "info" },
  ])("$files is logged as $line", async ({ files, line, level }) => {
    const script = join(folder, "node");
    await writeFile(script, `#!/bin/sh\nulimit -n ${files}\nexec "${process.execPath}" "$@"\n`, { mode: 0o700 });
    running = new SealcastProcess(["start", "--port", "0"], {}, script);
    const [found] = await running.wrote(/^.*open_files.*$/m);
    expect(JSON.parse(found)).toMatchObject({ level, event: line, limit: files });
  });
});
