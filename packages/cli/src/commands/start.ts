import type { Command } from "commander";
import { appsVariable, environmentName, fileVariable, flagName, serverSettings, settingFacts } from "@sealcast/server";

/** Adds `sealcast start`. */
export function addStart(program: Command): void {
  const command = program
    .command("start")
    .description("start the server")
    .option("--config <FILE>", `JSON file with options and apps. Variable: ${fileVariable}.`)
    .addHelpText(
      "after",
      `
An option set by a flag wins over its environment variable, which wins over the
file. The variable of --max-frame-bytes is ${environmentName("maxFrameBytes")}, its name in
the file is maxFrameBytes; the others follow the same rule.

Apps come from "apps" in the file, or as the same JSON from ${appsVariable}.
The server watches the file: edited apps take effect without a restart.

docs/configuration.md explains every option, and every setting of an app.`,
    )
    .action(async (options: Readonly<Record<string, string | true | undefined>>) => {
      const { runStart } = await import("../start/run-start.ts");
      const path = (options["config"] as string | undefined) ?? (process.env[fileVariable] || undefined);
      await runStart(path, givenFlags(options), program.version() ?? "");
    });
  for (const [name, schema] of Object.entries(serverSettings.shape)) {
    const { doc, placeholder } = settingFacts(schema);
    const value = placeholder === undefined ? " [true|false]" : ` <${placeholder}>`;
    const preset = String(schema.def.defaultValue);
    command.option(`${flagName(name)}${value}`, `${doc} Default: ${preset}.`);
  }
}

/** Returns the flags that were given. Their values are checked together with the rest of the configuration. */
function givenFlags(options: Readonly<Record<string, string | true | undefined>>): ReadonlyMap<string, string | true> {
  const flags = new Map<string, string | true>();
  for (const name of Object.keys(serverSettings.shape)) {
    const value = options[name];
    if (value !== undefined) flags.set(flagName(name), value);
  }
  return flags;
}
