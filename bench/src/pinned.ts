import { spawnSync } from "node:child_process";
import { cpus } from "node:os";

/** Cores that the two sides of a benchmark run on, so that neither takes the other's time. */
export const cores = { server: 0, load: 1 } as const;

/** Whether processes can be kept on a core of their own here: two cores and the `taskset` command. */
export const canPin = cpus().length > 1 && spawnSync("taskset", ["--version"]).status === 0;

/** The command line that runs `command` on one core, or `command` itself if that is impossible. */
export function pinned(core: number, command: readonly string[]): readonly string[] {
  return canPin ? ["taskset", "-c", String(core), ...command] : command;
}
