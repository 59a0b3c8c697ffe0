import { Option, type Command } from "commander";
import {
  appsVariable,
  environmentName,
  fileVariable,
  flagName,
  serverSettings,
  settingFacts,
} from "@sealcast/server/config";

/**
 * Adds the flags of `sealcast start`, one for each setting of the server. This file loads the settings, which takes longer
 * than most commands run, so that the program imports it only if the flags matter.
 */
export function addServerFlags(program: Command): void {
  const start = program.commands.find((command) => command.name() === "start");
  start?.option("--config <FILE>", `JSON file with options and apps. Variable: ${fileVariable}.`).addHelpText(
    "after",
    `
An option set by a flag wins over its environment variable, which wins over the
file. The variable of --max-frame-bytes is ${environmentName("maxFrameBytes")}, its name in
the file is maxFrameBytes; the others follow the same rule. --no-compression is
the same as --compression false; so it is for every switch.

Apps come from "apps" in the file, or as the same JSON from ${appsVariable}.
The server watches the file: edited apps take effect without a restart.

docs/configuration.md explains every option, and every setting of an app.`,
  );
  for (const [name, schema] of Object.entries(serverSettings.shape)) {
    const { doc, placeholder } = settingFacts(schema);
    const flag = flagName(name);
    const value = placeholder === undefined ? " [true|false]" : ` <${placeholder}>`;
    start?.option(`${flag}${value}`, `${withoutLinks(doc)} Default: ${String(schema.def.defaultValue)}.`);
    if (placeholder === undefined) start?.addOption(new Option(flag.replace("--", "--no-")).hideHelp());
  }
}

/** The page with the same descriptions has links; a terminal has none. */
function withoutLinks(markdown: string): string {
  return markdown.replaceAll(/\[([^\]]+)\]\([^)]+\)/g, "$1");
}
