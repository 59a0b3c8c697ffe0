import { createRequire } from "node:module";
import { CommanderError } from "commander";
import { CommandFailure, WrongUsage } from "./command-failure.ts";
import { failure, wrongUsage } from "./exit-code.ts";
import { createProgram } from "./program.ts";

const { version } = createRequire(import.meta.url)("../package.json") as { version: string };

// Ignore EPIPE: the reader of the output may exit first (`sealcast start | head`).
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

try {
  await createProgram(version).parseAsync(process.argv);
} catch (error) {
  report(error);
}

function report(error: unknown): void {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : wrongUsage;
  } else if (error instanceof WrongUsage) {
    process.stderr.write(`error: ${error.message}. See sealcast --help.\n`);
    process.exitCode = wrongUsage;
  } else if (error instanceof CommandFailure) {
    process.stderr.write(`${error.message.trimEnd()}\n`);
    process.exitCode = failure;
  } else if (error instanceof Error && error.name === "SealcastError") {
    // The class belongs to a library that only some commands load.
    process.stderr.write(`${error.message}.\n`);
    process.exitCode = failure;
  } else throw error;
}
