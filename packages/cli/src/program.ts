import { Command } from "commander";
import { commands } from "./commands/index.ts";
import { helpLayout } from "./help-layout.ts";
import { exitCodes } from "./exit-code.ts";
import { wrongUsageText } from "./report-error.ts";

/** Commands of which one prints or reads the flags of the server. */
const needServerFlags: ReadonlySet<string> = new Set(["start", "completion"]);

/**
 * Returns the `sealcast` command with its sub-commands; nothing runs before `parseAsync`.
 *
 * @param words arguments of the process: the flags of `start` are left out if none of them needs these. Default: all flags.
 */
export async function createProgram(version: string, words?: readonly string[]): Promise<Command> {
  const json = words?.includes("--json") === true;
  const program = new Command("sealcast")
    .description("run and operate a Sealcast server: realtime messages in the Pusher Channels protocol")
    .version(version, "-v, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .helpCommand("help [command]", "print help for a command")
    .configureHelp(helpLayout)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(wrongUsageText(text, json)) })
    .addHelpText("after", `\nExit codes: ${exitCodes.map(({ code, meaning }) => `${code} ${meaning}`).join(", ")}.`);
  for (const add of commands) add(program);
  if (words === undefined || words.some((word) => needServerFlags.has(word))) {
    const { addServerFlags } = await import("./commands/server-flags.ts");
    addServerFlags(program);
  }
  return program;
}
