import cluster from "node:cluster";
import { describeProblems } from "@sealcast/server/config";
import { CommandFailure } from "../command-failure.ts";
import { banner } from "./banner.ts";
import { runWorker } from "./run-worker.ts";
import { runWorkers } from "./run-workers.ts";
import { readConfig, start, type Running } from "./start-server.ts";

/**
 * Starts a server that runs until a signal stops it.
 *
 * @param configPath path of the configuration file, if one was named.
 * @param flags options that were given as flags.
 * @param version version to show.
 */
export async function runStart(
  configPath: string | undefined,
  flags: ReadonlyMap<string, string | true>,
  version: string,
): Promise<void> {
  if (configPath === "") throw new CommandFailure("--config needs the path of a file.");
  const input = { configPath, flags, environment: process.env };
  if (cluster.isPrimary) {
    const resolved = await readConfig(input);
    if (!resolved.ok) throw new CommandFailure(describeProblems(resolved.problems));
    if (resolved.config.workers > 1) return runWorkers(resolved.config, version);
  }
  const started = await start(input);
  // The connection to the process that started this one would keep it alive.
  if (!started.ok) cluster.worker?.disconnect();
  if (!started.ok) throw new CommandFailure(describeProblems(started.problems));
  const { running } = started;
  if (cluster.isWorker) return runWorker(running);
  stopOnSignals(running);
  process.stdout.write(banner(version, running, running.config));
}

/** The first signal drains and ends with 0; a second one ends at once, with the code that shells expect. */
function stopOnSignals(running: Running): void {
  let stopping = false;
  const stop = (exitCode: number): void => {
    if (stopping) process.exit(exitCode);
    stopping = true;
    void running.drain().then(() => process.exit(0));
  };
  process.on("SIGTERM", () => stop(143));
  process.on("SIGINT", () => stop(130));
  process.on("SIGHUP", () => void running.reload());
}
