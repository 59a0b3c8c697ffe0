import type { Command } from "commander";

/** Adds the options by which a command chooses a server. */
export function addServerOptions(command: Command): Command {
  return command
    .option("--server <URL>", "address of the server. Variable: SEALCAST_URL. Default: http://127.0.0.1:6001.")
    .option("--config <FILE>", "take address and admin token from the configuration of a server on this machine")
    .option("--json", "print JSON");
}
