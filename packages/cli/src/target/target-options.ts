import type { Command } from "commander";

/** Adds the options by which a command chooses its app. */
export function addTargetOptions(command: Command): Command {
  return command
    .option("--app <NAME>", "profile to use, or id of the app in --config")
    .option("--config <FILE>", "take the app from the configuration of a server on this machine")
    .option("--json", "print JSON");
}
