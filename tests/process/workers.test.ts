import { describeWithRedis, startRedis, type RedisProcess } from "@sealcast/server-testing/redis";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { publish, send } from "../fixtures/api-request.ts";
import { RawClient } from "../fixtures/raw-client.ts";
import { SealcastProcess } from "../fixtures/sealcast-process.ts";

const patience = { timeout: 20_000 };

test("several processes need the engine redis", async () => {
  const server = new SealcastProcess(["start", "--workers", "2", "--port", "0"]);
  expect(await server.exited).toBe(1);
  expect(server.stderr).toContain("2 processes with the engine memory, of which each would have channels of its own");
  expect(server.stderr.match(/workers/g)).toHaveLength(2);
});

describeWithRedis("start --workers", () => {
  let redis: RedisProcess;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "sealcast-workers-"));
    redis = await startRedis();
  });
  afterAll(async () => {
    await redis.stop();
    rmSync(folder, { recursive: true });
  });

  const argsOf = (url: string, drainSeconds = 0): string[] => {
    const engine = ["--engine", "redis", "--engine-url", url, "--engine-lease-seconds", "2"];
    return [...engine, "--drain-seconds", String(drainSeconds), "--data-directory", folder];
  };

  test(
    "runs processes that share the port, starts them again, and ends them together",
    { timeout: 60_000 },
    async () => {
      const [server, port] = await SealcastProcess.start(["--workers", "2", ...argsOf(redis.url)]);
      onTestFinished(() => server.signal("SIGKILL"));
      expect(server.stdout).toMatch(/on Node\.js \S+, 2 processes/);
      const before = childrenOf(server.pid);
      expect(before).toHaveLength(2);
      const clients = await Promise.all(Array.from({ length: 8 }, () => RawClient.connect(port)));
      for (const client of clients) await client.subscribe("news");
      await publish(port, "news", "flash", "1");
      for (const client of clients) expect(await client.next("flash")).toMatchObject({ data: "1" });

      const closed = Promise.race(clients.map(({ closed: end }) => end));
      const [killed = 0, survivor = 0] = before;
      // Terminals and systemd send a signal to every process: only the first one acts on it.
      process.kill(survivor, "SIGTERM");
      process.kill(killed, "SIGKILL");
      await closed;
      await server.wrote(/"event":"worker\.ended"/);
      await expect.poll(() => childrenOf(server.pid).length, patience).toBe(2);
      expect(childrenOf(server.pid)).toContain(survivor);
      await expect.poll(() => send(port, "GET", "/health/ready").then(({ status }) => status), patience).toBe(200);
      const left = clients.filter(({ socket }) => socket.readyState === socket.OPEN);
      expect(left.length).toBeGreaterThan(0);
      await publish(port, "news", "flash", "2");
      for (const client of left) expect(await client.next("flash")).toMatchObject({ data: "2" });

      server.signal("SIGTERM");
      expect(await server.exited).toBe(0);
    },
  );

  test("SIGHUP makes every process read the configuration again, and ends none", { timeout: 60_000 }, async () => {
    const config = join(folder, "sealcast.json");
    const writeApps = (...ids: readonly string[]): void => {
      const apps = ids.map((id) => ({ id, key: `key-${id}`, secret: "secret-of-the-app" }));
      writeFileSync(config, JSON.stringify({ apps }));
    };
    writeApps("1");
    const [server] = await SealcastProcess.start(["--workers", "2", "--config", config, ...argsOf(redis.url)]);
    onTestFinished(() => server.signal("SIGKILL"));
    const before = childrenOf(server.pid);
    writeApps("1", "2");
    server.signal("SIGHUP");
    // Each process also looks at the file by itself, but does not log that.
    await expect.poll(() => server.stderr.match(/"event":"config\.reloading"/g)?.length, patience).toBe(2);
    const replaced = /"event":"config\.apps_replaced","apps":2/g;
    await expect.poll(() => server.stderr.match(replaced)?.length, patience).toBe(2);
    expect(childrenOf(server.pid)).toEqual(before);
    server.signal("SIGTERM");
    expect(await server.exited).toBe(0);
  });

  test("a second SIGTERM ends every process at once", { timeout: 60_000 }, async () => {
    const [server, port] = await SealcastProcess.start(["--workers", "2", ...argsOf(redis.url, 300)]);
    onTestFinished(() => server.signal("SIGKILL"));
    const clients = await Promise.all(Array.from({ length: 8 }, () => RawClient.connect(port)));
    server.signal("SIGTERM");
    await server.wrote(/server\.draining/);
    server.signal("SIGTERM");
    expect(await server.exited).toBe(143);
    await Promise.all(clients.map(({ closed }) => closed));
  });

  test("ends if the processes cannot start, and says why once", async () => {
    const server = new SealcastProcess(["start", "--workers", "2", "--port", "0", ...argsOf("redis://127.0.0.1:1")]);
    expect(await server.exited).toBe(1);
    expect(server.stderr.match(/refused connection/g)).toHaveLength(1);
  });
});

function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return text === "" ? [] : text.split(" ").map(Number);
}
