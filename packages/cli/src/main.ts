import { createRequire } from "node:module";
import { CommanderError } from "commander";
import { CommandFailure } from "./command-failure.ts";
import { failure, wrongUsage } from "./exit-code.ts";
import { createProgram } from "./program.ts";

const { version } = createRequire(import.meta.url)("../package.json") as { version: string };

// Ignore EPIPE: the reader of the output may exit first (`sealcast start | head`).
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

try {
  await createProgram(version).parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : wrongUsage;
  } else if (error instanceof CommandFailure) {
    process.stderr.write(`${error.message.trimEnd()}\n`);
    process.exitCode = failure;
  } else throw error;
}
