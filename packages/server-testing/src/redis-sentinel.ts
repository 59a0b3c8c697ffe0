import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { startRedis, type RedisProcess } from "./redis-process.ts";

/** A primary with one replica, and a Sentinel that makes the replica the primary if the primary fails. */
export interface SentinelSetup {
  /** `redis://127.0.0.1:PORT` of the Sentinel. */
  readonly url: string;
  /** The name of the primary. */
  readonly primary: string;
  readonly servers: readonly [primary: RedisProcess, replica: RedisProcess];
  stop(): Promise<void>;
}

/**
 * Starts a primary, a replica and a Sentinel that waits a second before it acts. The replica may have no data yet: the command
 * `WAIT` of the primary waits for it.
 */
export async function startSentinel(): Promise<SentinelSetup> {
  const primary = await startRedis();
  const replica = await startRedis(["--replicaof", `127.0.0.1 ${primary.port}`]);
  const folder = await mkdtemp(join(tmpdir(), "sealcast-sentinel-"));
  const port = await freePort();
  const name = "main";
  const settings = [
    `port ${port}`,
    "bind 127.0.0.1",
    `dir ${folder}`,
    `sentinel monitor ${name} 127.0.0.1 ${primary.port} 1`,
    `sentinel down-after-milliseconds ${name} 1000`,
    `sentinel failover-timeout ${name} 3000`,
  ];
  const file = join(folder, "sentinel.conf");
  await writeFile(file, settings.join("\n"));
  const child = spawn("redis-server", [file, "--sentinel"], { stdio: "ignore" });
  await until(() =>
    spawnSync("redis-cli", ["-p", String(port), "sentinel", "replicas", name]).stdout.includes("slave"),
  );
  return {
    url: `redis://127.0.0.1:${port}`,
    primary: name,
    servers: [primary, replica],
    async stop() {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
      await Promise.all([primary.stop(), replica.stop(), rm(folder, { recursive: true, force: true })]);
    },
  };
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 100));
}
