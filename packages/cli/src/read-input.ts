import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { CommandFailure } from "./command-failure.ts";

/** Returns all of standard input. */
export function readStandardInput(): Promise<string> {
  return text(process.stdin);
}

/** Returns the lines of a file, or of standard input for `-`, without empty ones. */
export async function* readLines(path: string): AsyncGenerator<string> {
  const input = path === "-" ? process.stdin : createReadStream(path);
  const failed = new Promise<never>((_, reject) => {
    input.once("error", () => reject(new CommandFailure(`Cannot read ${path}.`)));
  });
  failed.catch(() => undefined);
  const lines: AsyncIterator<string, undefined> = createInterface({ input, crlfDelay: Infinity })[
    Symbol.asyncIterator
  ]();
  for (;;) {
    const next = await Promise.race([lines.next(), failed]);
    if (next.done === true) return;
    if (next.value.trim() !== "") yield next.value;
  }
}
