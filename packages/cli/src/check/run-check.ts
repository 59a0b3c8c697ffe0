import { describeProblems, readConfigFile, resolveConfig } from "@sealcast/server/config";
import { CommandFailure } from "../command-failure.ts";
import { failure } from "../exit-code.ts";
import { printResult } from "../output.ts";

/** Prints whether the configuration, environment variables included, starts a server; fails if it does not. */
export async function runCheck(path: string | undefined, json: boolean | undefined): Promise<void> {
  const file = path === undefined ? undefined : await readConfigFile(path);
  const resolved = resolveConfig({ flags: new Map(), environment: process.env, file });
  if (!resolved.ok && json !== true) throw new CommandFailure(describeProblems(resolved.problems));
  if (!resolved.ok) {
    process.exitCode = failure;
    printResult(json, { valid: false, problems: resolved.problems }, () => "");
    return;
  }
  const { host, port, apps } = resolved.config;
  const { ignored } = resolved;
  printResult(json, { valid: true, host, port, apps: apps.map(({ id }) => id), ignored }, () => {
    const notes = ignored.map(({ name, reason }) => `${name} is ignored: ${reason}\n`);
    const ids = apps.map(({ id }) => id).join(", ");
    return `The configuration is valid.\n\n  Listens on  ${host}:${port}\n  Apps        ${ids}\n${notes.join("")}`;
  });
}
