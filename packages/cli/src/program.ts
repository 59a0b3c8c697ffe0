import { Command } from "commander";
import { commands } from "./commands/index.ts";
import { helpLayout } from "./help-layout.ts";
import { exitCodes } from "./exit-code.ts";

/** Returns the `sealcast` command with its sub-commands; nothing runs before `parseAsync`. */
export function createProgram(version: string): Command {
  const program = new Command("sealcast")
    .description("Runs and operates a Sealcast server: realtime messages in the Pusher Channels protocol.")
    .version(version, "-v, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .helpCommand("help [command]", "print help for a command")
    .configureHelp(helpLayout)
    .exitOverride()
    .addHelpText("after", `\nExit codes: ${exitCodes.map(({ code, meaning }) => `${code} ${meaning}`).join(", ")}.`);
  for (const add of commands) add(program);
  return program;
}
