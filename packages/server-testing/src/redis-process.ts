// cspell:ignore diskless
import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
  /** Starts it again on the same port, with the files that it has. */
  restart(): Promise<void>;
  /** Changes a setting while the server runs. */
  configure(setting: string, value: string): Promise<void>;
  /** Runs a command. */
  command(...words: readonly string[]): Promise<void>;
  /** Whether it has a key that matches a pattern. */
  hasKey(pattern: string): Promise<boolean>;
  /** Ends the server and removes its files. */
  stop(): Promise<void>;
}

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
  return onFreePorts(() => startOnFreePort(settings));
}

async function startOnFreePort(settings: readonly string[]): Promise<RedisProcess> {
  const port = await freePort();
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
      child = await run([...fixed, ...settings]);
    },
    configure(setting, value) {
      const { status } = spawnSync("redis-cli", ["-p", String(port), "config", "set", setting, value]);
      return status === 0 ? Promise.resolve() : Promise.reject(new Error(`redis-cli could not set ${setting}`));
    },
    command(...words) {
      const { status } = spawnSync("redis-cli", ["-p", String(port), ...words]);
      return status === 0 ? Promise.resolve() : Promise.reject(new Error(`redis-cli could not ${words[0]}`));
    },
    hasKey(pattern) {
      const { stdout } = spawnSync("redis-cli", ["-p", String(port), "--scan", "--pattern", pattern]);
      return Promise.resolve(stdout.length > 0);
    },
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
 */
export async function startRedisCluster(replicas = 0): Promise<readonly [RedisProcess, ...RedisProcess[]]> {
  const size = 3 * (1 + replicas);
  const settings = ["--cluster-enabled", "yes", "--cluster-node-timeout", "2000", "--repl-diskless-sync-delay", "0"];
  const nodes = await Promise.all(Array.from({ length: size }, () => onFreePorts(() => startClusterNode(settings))));
  const [first, ...others] = nodes.map(({ server }) => server);
  if (first === undefined) throw new TypeError("A cluster has nodes");
  const servers = [first, ...others] as const;
  const addresses = nodes.map(({ server, busPort }) => `127.0.0.1:${server.port}@${busPort}`);
  const layout = ["--cluster-replicas", String(replicas), "--cluster-yes"];
  const { status, stdout } = spawnSync("redis-cli", ["--cluster", "create", ...addresses, ...layout]);
  if (status !== 0) throw new Error(`redis-cli could not create the cluster: ${stdout.toString().slice(-500)}`);
  for (const { port } of servers) await clusterIsUp(port);
  return servers;
}

async function startClusterNode(
  settings: readonly string[],
): Promise<{ readonly server: RedisProcess; readonly busPort: number }> {
  // By default it is 10,000 above the other port, where something else may listen.
  const busPort = await freePort();
  return { server: await startOnFreePort([...settings, "--cluster-port", String(busPort)]), busPort };
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
    const [cluster, replication] = [
      ["cluster", "info"],
      ["info", "replication"],
    ].map((command) => spawnSync("redis-cli", ["-p", String(port), ...command]).stdout.toString());
    const hasData = replication?.includes("master_link_status:down") === false;
    if (hasData && cluster?.includes("cluster_state:ok") === true) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
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
