import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Makes a Redis server run a script without end: it answers other commands with an error meanwhile. Resolves once it does.
 *
 * @param port where the server listens on the loopback address.
 */
export async function keepRedisBusy(port: number): Promise<void> {
  await command(port, "config", "set", "busy-reply-threshold", "100");
  spawn("redis-cli", ["-p", String(port), "eval", "while true do end", "0"], { stdio: "ignore" });
  while (!(await command(port, "ping")).startsWith("BUSY"));
}

/** Ends the script. */
export async function freeRedis(port: number): Promise<void> {
  await command(port, "script", "kill");
}

async function command(port: number, ...words: readonly string[]): Promise<string> {
  const { stdout } = await run("redis-cli", ["-p", String(port), ...words]);
  return stdout;
}
