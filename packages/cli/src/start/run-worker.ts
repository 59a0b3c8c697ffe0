import process from "node:process";
import type { ListenAddress } from "@sealcast/server";
import type { Running } from "./start-server.ts";

/** What a worker tells the process that started it. */
export interface WorkerStarted {
  readonly kind: "worker-started";
  readonly address: ListenAddress;
  readonly runtime: string;
}

/** What the process that started a worker tells it. */
export type WorkerOrder = "drain" | "reload";

/**
 * Runs one of several server processes that share a port. It obeys the process that started it, and no signals: a terminal
 * and systemd send theirs to all processes at once.
 */
export function runWorker(running: Running): void {
  const { address, runtime } = running;
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => undefined);
  process.on("message", (order: WorkerOrder) => {
    if (order === "reload") void running.reload();
    else void running.drain().then(() => process.exit(0));
  });
  const started: WorkerStarted = { kind: "worker-started", address, runtime };
  process.send?.(started);
}
