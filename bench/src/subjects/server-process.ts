import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { benchApp } from "../load/signed-request.ts";
import { cores, pinned } from "../pinned.ts";
import { freePort } from "./free-port.ts";
import type { InsideAnswers, InsideQuestion } from "./inside-server.ts";
import { cpuMicros, residentKib } from "./process-usage.ts";
import { executable, type Subject } from "./subject.ts";

const startTimeoutMs = 30_000;

export interface ServerOptions {
  /** Loads code into the server that `ask` talks to; on Bun, it knows how to collect garbage, and no more. */
  readonly inside?: boolean;
  /** Options of the process beside the defaults. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Settings of the app beside those that all scenarios have. */
  readonly app?: Readonly<Record<string, unknown>>;
}

const insideFlags = {
  node: ["--expose-gc", "--import", fileURLToPath(new URL("inside-server.js", import.meta.url))],
  bun: ["--expose-gc", "--preload", fileURLToPath(new URL("inside-bun.js", import.meta.url))],
};

/** A running server, on a core of its own where possible. */
export class ServerProcess {
  readonly port: number;
  /** From starting the process to the first TCP connection it accepted. */
  readonly startSeconds: number;
  readonly #process: ChildProcess;
  readonly #pid: number;

  private constructor(port: number, child: ChildProcess, startSeconds: number) {
    this.port = port;
    this.startSeconds = startSeconds;
    this.#process = child;
    this.#pid = child.pid ?? 0;
  }

  /** Starts a server and waits until it accepts. */
  static async start(
    subject: Subject,
    { inside = false, settings = {}, app = {} }: ServerOptions = {},
  ): Promise<ServerProcess> {
    const port = await freePort();
    const flags = inside ? insideFlags[subject.runtime] : [];
    const folder = mkdtempSync(join(tmpdir(), "sealcast-bench-"));
    const configFile = join(folder, "config.json");
    writeFileSync(configFile, JSON.stringify({ ...settings, apps: [{ ...appOfScenarios, ...app }] }));
    const [command = "", ...args] = pinned(cores.server, [
      executable(subject.runtime),
      ...flags,
      ...subject.script(port, configFile),
    ]);
    const start = performance.now();
    const child = spawn(command, args, { stdio: ["ignore", "ignore", "pipe", "ipc"] });
    let errorText = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      errorText += chunk.toString();
    });
    while (!(await accepts(port))) {
      if (child.exitCode !== null || performance.now() - start > startTimeoutMs) {
        child.kill("SIGKILL");
        throw new Error(
          `${subject.name} does not accept connections after ${Math.round(performance.now() - start)} ms:\n${errorText}`,
        );
      }
    }
    const startSeconds = (performance.now() - start) / 1000;
    rmSync(folder, { recursive: true });
    return new ServerProcess(port, child, startSeconds);
  }

  /** Processor time used so far, in microseconds. */
  cpuMicros(): number {
    return cpuMicros(this.#pid);
  }

  residentKib(): number {
    return residentKib(this.#pid);
  }

  /** Asks the code that `inside` loaded. */
  ask<Question extends InsideQuestion>(question: Question): Promise<InsideAnswers[Question]> {
    return new Promise((resolve) => {
      this.#process.once("message", (answer: InsideAnswers[Question]) => resolve(answer));
      this.#process.send(question);
    });
  }

  /** Ends the process at once, if it has not ended. */
  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill("SIGKILL");
    await gone;
  }
}

/** Everything at its default but subscription counts: no other server here has them, and each would be one more message. */
const appOfScenarios = { ...benchApp, clientEvents: true, subscriptionCount: false };

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => setTimeout(resolve, 1, false));
  });
}
