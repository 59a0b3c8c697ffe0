import { createRequire } from "node:module";
import { createProgram } from "./program.ts";
import { reportError } from "./report-error.ts";

const { version } = createRequire(import.meta.url)("../package.json") as { version: string };

// Ignore EPIPE: the reader of the output may exit first (`sealcast start | head`).
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

const words = process.argv.slice(2);
try {
  const program = await createProgram(version, words);
  await program.parseAsync(words, { from: "user" });
} catch (error) {
  const report = reportError(error, words.includes("--json"));
  if (report === undefined) throw error;
  process.stderr.write(report.text);
  process.exitCode = report.exitCode;
}
