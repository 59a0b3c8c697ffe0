import cluster, { type Worker } from "node:cluster";
import { once } from "node:events";
import { createPinoLog, type ServerConfig } from "@sealcast/server";
import { failure } from "../exit-code.ts";
import { banner } from "./banner.ts";
import type { WorkerOrder, WorkerStarted } from "./run-worker.ts";
import { workerNumberVariable } from "./worker-number.ts";

/** How long a worker that has ended is not started again, in milliseconds. */
const restartMs = 1_000;

/**
 * Starts `config.workers` server processes that share one port, and starts them again if they end. Signals act on all of
 * them, as they act on a single server.
 */
export async function runWorkers(config: ServerConfig, version: string): Promise<void> {
  const log = createPinoLog(config.logLevel);
  const running = new Set<Worker>();
  let allStarted = false;
  let stopping = false;

  function startWorker(number: number): Worker {
    const worker = cluster.fork({ [workerNumberVariable]: String(number) });
    worker.once("exit", (code, signal) => {
      running.delete(worker);
      if (stopping || !allStarted) return;
      log.error("worker.ended", { worker: number, code, signal });
      setTimeout(() => {
        if (!stopping) void started(startWorker(number));
      }, restartMs);
    });
    return worker;
  }

  /** Resolves when the worker accepts connections; undefined: it has ended, and has said why. */
  async function started(worker: Worker): Promise<WorkerStarted | undefined> {
    const message = await Promise.race([once(worker, "message"), once(worker, "exit").then(() => [])]);
    if (message[0] !== undefined) running.add(worker);
    return message[0] as WorkerStarted | undefined;
  }

  async function endAll(): Promise<void> {
    stopping = true;
    const ended = Object.values(cluster.workers ?? {}).map(async (worker) => {
      if (worker === undefined) return;
      const exit = once(worker, "exit");
      // One that is still starting has no connections, and would not receive the order.
      if (running.has(worker)) tell(worker, "drain");
      else worker.process.kill("SIGKILL");
      await exit;
    });
    await Promise.all(ended);
    await log.close();
  }

  const stop = (exitCode: number): void => {
    if (stopping) process.exit(exitCode);
    void endAll().then(() => process.exit(0));
  };
  process.on("SIGTERM", () => stop(143));
  process.on("SIGINT", () => stop(130));
  process.on("SIGHUP", () => {
    for (const worker of running) tell(worker, "reload");
  });

  // The first one finds, and reports, what keeps all of them from starting.
  const first = await started(startWorker(1));
  const others = Array.from({ length: config.workers - 1 }, (_, index) => index + 2);
  const all = first === undefined ? [] : await Promise.all(others.map((number) => started(startWorker(number))));
  if (first === undefined || all.includes(undefined)) {
    await endAll();
    process.exitCode = failure;
    return;
  }
  allStarted = true;
  process.stdout.write(
    banner(version, { ...first, runtime: `${first.runtime}, ${config.workers} processes`, hasConsole: false }, config),
  );
}

function tell(worker: Worker, order: WorkerOrder): void {
  if (worker.isConnected()) worker.send(order);
}
