import { createRequire } from "node:module";
import { createProgram } from "./program.ts";
import { reportError } from "./report-error.ts";

const { version } = createRequire(import.meta.url)("../package.json") as { version: string };

/**
 * Runs the command, prints its result or its error, and sets the exit code of the process.
 *
 * @param words arguments, without the paths of the runtime and of the program.
 */
export async function run(words: readonly string[]): Promise<void> {
  // Ignore EPIPE: the reader of the output may exit first (`sealcast start | head`).
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  try {
    const program = await createProgram(version, words);
    await program.parseAsync(words, { from: "user" });
  } catch (error) {
    const report = reportError(error, words.includes("--json"));
    if (report === undefined) throw error;
    process.stderr.write(report.text);
    process.exitCode = report.exitCode;
  }
}
