import { EngineStartError } from "../../../../core/errors/engine-start-error.ts";

/** Longest wait for the connections to all masters, in milliseconds. */
const connectMs = 10_000;

/** The part of the library's client for a Redis Cluster that this uses. */
interface Cluster {
  connect(): Promise<unknown>;
  on(event: "node-error", listener: (error: unknown, server: { host: string; port: number }) => void): unknown;
}

/**
 * Connects to all masters of a Redis Cluster. The library tries again forever if it cannot reach a server that the cluster
 * announces; this fails with an `EngineStartError` that names it.
 */
export async function connectCluster(cluster: Cluster): Promise<void> {
  let found = `no connection to all of them within ${connectMs} ms`;
  cluster.on("node-error", (error, { host, port }) => {
    found = `${error instanceof Error ? error.message : "an error"} at ${host}:${port}`;
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(unreachable(found)), connectMs);
  });
  try {
    await Promise.race([cluster.connect(), late]);
  } finally {
    clearTimeout(timer);
  }
}

function unreachable(found: string): EngineStartError {
  return new EngineStartError(
    "Redis servers at the addresses that the Redis Cluster announces",
    found,
    "Start all masters, and set cluster-announce-ip and cluster-announce-port of Redis to addresses that this machine reaches.",
  );
}
