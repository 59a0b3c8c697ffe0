// cspell:ignore diskless
import { execFile, spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe } from "vitest";
import { freePort } from "./free-port.ts";

/** A Redis server of a test. */
export interface RedisProcess {
  /** `redis://127.0.0.1:PORT`. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Ends the server at once, as `kill -9` does, and keeps its files. */
  kill(): Promise<void>;
  /** Starts it again on the same port, with the files that it has. Without `--save`, it begins without data. */
  restart(): Promise<void>;
  /** Starts it again on the same port, with the data that the command `SAVE` has written. */
  restartWithSnapshot(): Promise<void>;
  /** Changes a setting while the server runs. */
  configure(setting: string, value: string): Promise<void>;
  /** Runs a command, and returns what `redis-cli` writes. */
  command(...words: readonly string[]): Promise<string>;
  /** Whether it has a key that matches a pattern. */
  hasKey(pattern: string): Promise<boolean>;
  /** Ends the server and removes its files. */
  stop(): Promise<void>;
}

const execute = promisify(execFile);

/** Whether `redis-server` is installed. In CI it must be. */
const isInstalled = process.env["CI"] !== undefined || spawnSync("redis-server", ["--version"]).status === 0;

/** Registers a group of tests that need `redis-server`. They are skipped on a machine without it, but not in CI. */
export function describeWithRedis(name: string, tests: () => void): void {
  // oxlint-disable-next-line vitest/valid-describe-callback -- `tests` is a function
  describe.skipIf(!isInstalled)(`${name} (with redis-server)`, tests);
}

/**
 * Starts `redis-server` on a free port of the loopback address, with its files in a temporary folder.
 *
 * @param settings command-line settings, such as `["--maxmemory", "10mb"]`; with `--tls-cert-file`, the port is one for TLS. By default nothing is saved to files.
 */
export function startRedis(settings: readonly string[] = []): Promise<RedisProcess> {
  return onFreePorts(async () => startOn(await freePort(), settings));
}

async function startOn(port: number, settings: readonly string[]): Promise<RedisProcess> {
  const folder = await mkdtemp(join(tmpdir(), "sealcast-redis-"));
  const hasTls = settings.includes("--tls-cert-file");
  const ports = hasTls ? ["--tls-port", String(port), "--port", "0"] : ["--port", String(port)];
  const fixed = [...ports, "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--daemonize", "no"];
  let child = await run([...fixed, ...settings]);
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    get pid() {
      return child.pid;
    },
    kill: () => child.kill(),
    async restart() {
      await child.kill();
      // A replica keeps what its primary has sent in a file, and would begin with that old data.
      if (!settings.includes("--save")) await rm(join(folder, "dump.rdb"), { force: true });
      child = await run([...fixed, ...settings]);
    },
    async restartWithSnapshot() {
      await child.kill();
      child = await run([...fixed, ...settings]);
    },
    async configure(setting, value) {
      if (!(await cli(port, "config", "set", setting, value)).startsWith("OK")) {
        throw new Error(`redis-cli could not set ${setting}`);
      }
    },
    command: (...words) => cli(port, ...words),
    hasKey: async (pattern) => (await cli(port, "--scan", "--pattern", pattern)) !== "",
    async stop() {
      await child.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Starts a Redis Cluster that serves all hash slots, and returns its masters, then their replicas.
 *
 * @param replicas number of replicas of each of the three masters.
 * @param announce returns the port that a server announces to clients and replicas, for example that of a proxy that leads to `port`.
 */
export async function startRedisCluster(
  replicas = 0,
  announce: (port: number) => Promise<number> = (port) => Promise.resolve(port),
): Promise<readonly [RedisProcess, ...RedisProcess[]]> {
  const size = 3 * (1 + replicas);
  const nodes = await Promise.all(Array.from({ length: size }, () => onFreePorts(() => startClusterNode(announce))));
  const [first, ...others] = nodes.map(({ server }) => server);
  if (first === undefined) throw new TypeError("A cluster has nodes");
  const servers = [first, ...others] as const;
  const addresses = nodes.map(({ server, busPort }) => `127.0.0.1:${server.port}@${busPort}`);
  const layout = ["--cluster-replicas", String(replicas), "--cluster-yes"];
  await execute("redis-cli", ["--cluster", "create", ...addresses, ...layout]);
  for (const { port } of servers) await clusterIsUp(port);
  return servers;
}

async function startClusterNode(
  announce: (port: number) => Promise<number>,
): Promise<{ readonly server: RedisProcess; readonly busPort: number }> {
  const port = await freePort();
  // By default it is 10,000 above the other port, where something else may listen.
  const busPort = await freePort();
  const ports = ["--cluster-port", String(busPort), "--cluster-announce-port", String(await announce(port))];
  const times = ["--cluster-node-timeout", "2000", "--repl-diskless-sync-delay", "0"];
  return { server: await startOn(port, ["--cluster-enabled", "yes", ...ports, ...times]), busPort };
}

/** Starts again, on other ports, if somebody else has taken one since it was free. */
async function onFreePorts<Started>(start: () => Promise<Started>): Promise<Started> {
  for (;;) {
    try {
      return await start();
    } catch (error) {
      if (!(error instanceof Error && error.message.includes("Address already in use"))) throw error;
    }
  }
}

/** Waits until a server knows the whole cluster and, as a replica, has its master's data: only then it can replace it. */
async function clusterIsUp(port: number): Promise<void> {
  for (;;) {
    const replication = await cli(port, "info", "replication");
    const cluster = await cli(port, "cluster", "info");
    if (!replication.includes("master_link_status:down") && cluster.includes("cluster_state:ok")) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Does not block this process: a proxy in it may lead to the server. */
async function cli(port: number, ...words: readonly string[]): Promise<string> {
  const { stdout } = await execute("redis-cli", ["-p", String(port), ...words]);
  return stdout;
}

async function run(args: readonly string[]): Promise<{ readonly pid: number; kill(): Promise<void> }> {
  const child = spawn("redis-server", args, { stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    let output = "";
    child.once("error", reject);
    child.once("close", () => reject(new Error(`redis-server has ended: ${output.slice(-500)}`)));
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes("Ready to accept connections")) resolve();
    });
  });
  return {
    pid: child.pid ?? 0,
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
