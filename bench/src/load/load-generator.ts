import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { cores, pinned } from "../pinned.ts";
import type { AnswerMessage, OrderMessage, OrderName, Orders } from "./orders.ts";

/** The harness's end of a load process. */
export class LoadGenerator {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<
    number,
    { readonly resolve: (answer: never) => void; readonly reject: (error: Error) => void }
  >();
  #lastId = 0;

  constructor() {
    const [command = "", ...args] = pinned(cores.load, [
      process.execPath,
      fileURLToPath(new URL("load-process.js", import.meta.url)),
    ]);
    this.#process = spawn(command, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    this.#process.on("message", (message: AnswerMessage) => {
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if ("failure" in message) waiting?.reject(new Error(message.failure));
      else waiting?.resolve(message.answer as never);
    });
    this.#process.on("exit", () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("The load process is gone"));
    });
  }

  /** Has an order carried out; rejects when it failed or took longer than `timeoutSeconds`. */
  order<Name extends OrderName>(
    name: Name,
    ask: Orders[Name]["ask"],
    timeoutSeconds = 60,
  ): Promise<Orders[Name]["answer"]> {
    this.#lastId += 1;
    const message: OrderMessage = { id: this.#lastId, name, ask };
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`"${name}" was not carried out within ${timeoutSeconds} s`)),
        timeoutSeconds * 1000,
      );
      const settle =
        <T>(then: (value: T) => void) =>
        (value: T) => {
          clearTimeout(timer);
          then(value);
        };
      this.#waiting.set(message.id, { resolve: settle(resolve), reject: settle(reject) });
      this.#process.send(message);
    });
  }

  /** Ends the process at once, and with it every connection it holds. */
  kill(): void {
    this.#process.kill("SIGKILL");
  }
}
