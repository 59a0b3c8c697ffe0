import { createRequire } from "node:module";
import { describeProblems, fileVariable } from "@sealcast/server";
import { banner } from "./banner.ts";
import { parseCommandLine } from "./command-line.ts";
import { helpText } from "./help.ts";
import { makeKeys } from "./keys.ts";
import { start, type Running } from "./start.ts";

const { version } = createRequire(import.meta.url)("../package.json") as { version: string };

// Whoever reads may leave, as `head` does: no reason to end a server.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
await main();

async function main(): Promise<void> {
  const command = parseCommandLine(process.argv.slice(2));
  switch (command.do) {
    case "help":
      process.stdout.write(helpText());
      return;
    case "version":
      process.stdout.write(`${version}\n`);
      return;
    case "keys":
      return printKeys();
    case "refuse":
      return refuse(`sealcast: ${command.message}. See sealcast --help.\n`);
    case "start": {
      const configPath = command.configPath ?? (process.env[fileVariable] || undefined);
      const started = await start({ configPath, flags: command.flags, environment: process.env });
      if (!started.ok) return refuse(describeProblems(started.problems));
      stopOnSignals(started.running);
      const { running } = started;
      process.stdout.write(banner(version, running.runtime, running.address, running.config));
    }
  }
}

/** The configuration goes to stdout, so that it can be redirected into a file; the master key, which is not for it, to stderr. */
function printKeys(): void {
  const { configText, masterKey } = makeKeys();
  process.stdout.write(configText);
  process.stderr.write(
    `\nEncryption master key for your backends (encryptionMasterKeyBase64); never give it to the server:\n${masterKey}\n`,
  );
}

function refuse(message: string): void {
  process.stderr.write(message);
  process.exitCode = 1;
}

/** The first signal drains and ends with 0; a second one ends at once, with the code that shells expect. */
function stopOnSignals(running: Running): void {
  let stopping = false;
  const stop = (exitCode: number): void => {
    if (stopping) process.exit(exitCode);
    stopping = true;
    void running.drain().then(() => process.exit(0));
  };
  process.on("SIGTERM", () => stop(143));
  process.on("SIGINT", () => stop(130));
}
