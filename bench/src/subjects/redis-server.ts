import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cores, pinned } from "../pinned.ts";
import { freePort } from "./free-port.ts";

/** A Redis server without files, on the core that the measured servers do not use. */
export class RedisServer {
  readonly port: number;
  readonly #process: ChildProcess;

  private constructor(port: number, child: ChildProcess) {
    this.port = port;
    this.#process = child;
  }

  /** Starts `redis-server` and waits until it accepts commands. */
  static async start(): Promise<RedisServer> {
    const port = await freePort();
    const settings = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
    const [command = "", ...args] = pinned(cores.load, ["redis-server", ...settings]);
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
    await until(child, "Ready to accept connections");
    return new RedisServer(port, child);
  }

  /** Runs a command and returns its answer as `redis-cli` prints it. */
  run(...words: readonly string[]): string {
    const { status, stdout } = spawnSync("redis-cli", ["-p", String(this.port), ...words], { encoding: "utf8" });
    if (status !== 0) throw new Error(`redis-cli could not run ${words.join(" ")}`);
    return stdout.trim();
  }

  /** Number of keys whose names match a pattern. */
  keys(pattern: string): number {
    return this.run("--scan", "--pattern", pattern)
      .split("\n")
      .filter((line) => line !== "").length;
  }

  /** Processor time used so far, in microseconds. */
  cpuMicros(): number {
    const found = /^used_cpu_sys:([\d.]+)\r?\nused_cpu_user:([\d.]+)/m.exec(this.run("info", "cpu"));
    return (Number(found?.[1]) + Number(found?.[2])) * 1e6;
  }

  /** Counts by name the commands that clients send while `work` runs, except those of health checks and of this harness. */
  async commandsDuring(work: () => Promise<void>): Promise<ReadonlyMap<string, number>> {
    const monitor = spawn("redis-cli", ["-p", String(this.port), "monitor"], { stdio: ["ignore", "pipe", "inherit"] });
    await until(monitor, "OK");
    let lines = "";
    monitor.stdout.on("data", (chunk: Buffer) => {
      lines += chunk.toString();
    });
    await work();
    const ended = until(monitor, "end of the work");
    this.run("echo", "end of the work");
    await ended;
    monitor.kill("SIGKILL");
    return countCommands(lines);
  }

  /** Ends the process at once. */
  async stop(): Promise<void> {
    const gone = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await gone;
  }
}

/** Counts the lines that `MONITOR` has printed, without those of scripts. */
function countCommands(lines: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [, sender, command = ""] of lines.matchAll(/^[\d.]+ \[\d+ ([^\]]+)\] "(\w+)"/gm)) {
    const name = command.toLowerCase();
    if (sender === "lua" || name === "ping" || name === "echo" || name === "scan") continue;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** Resolves when the process has printed a text; rejects when it has ended before. */
function until(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = "";
    child.once("error", (cause) =>
      reject(new Error("Cannot start Redis: install the package redis-server", { cause })),
    );
    child.once("exit", () => reject(new Error(`Redis has ended: ${output.slice(-500)}`)));
    child.stdout?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes(text)) resolve();
    });
  });
}
