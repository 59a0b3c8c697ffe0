import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleProgram } from "../fixtures/bundle-program.ts";
import { launch, type Role } from "../fixtures/placement.ts";

/** The clients of an attack, in a process of their own. */
export class Attackers {
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(child: ChildProcess, folder: string) {
    this.#child = child;
    this.#folder = folder;
  }

  /**
   * Begins an attack.
   *
   * @param index in `sustainedAttacks`.
   * @param seed of its random choices.
   */
  static async start(port: number, index: number, seed: number, role: Role | undefined): Promise<Attackers> {
    const folder = await mkdtemp(join(tmpdir(), "sealcast-attackers-"));
    const program = await bundleProgram(new URL("attackers-main.ts", import.meta.url), folder);
    const { execPath, execArgv } = launch(role);
    const child = fork(program, [port, index, seed].map(String), { execPath, execArgv: [...execArgv] });
    return new Attackers(child, folder);
  }

  /** Ends the attack. Returns the exit code: 0 unless the attack failed. */
  async stop(): Promise<number> {
    const exited = once(this.#child, "exit");
    this.#child.send("over");
    const [code] = (await exited) as [number];
    await rm(this.#folder, { recursive: true });
    return code;
  }
}
