import { CommanderError, type Command } from "commander";
import { createProgram } from "./program.ts";

/** Returns a command and all its sub-commands, for tests. */
export function allCommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allCommands)];
}

/** Parses arguments without running anything, for tests. Returns the error text of wrong usage, else undefined. */
export async function usageError(args: readonly string[]): Promise<string | undefined> {
  let text = "";
  const program = await createProgram("1.2.3");
  for (const command of allCommands(program)) {
    // Groups such as `channels` do nothing by themselves; `keys` does.
    const acts = command.commands.length === 0 || (command !== program && command.options.length > 0);
    if (acts) command.action(() => undefined);
    command.configureOutput({ writeErr: (part) => (text += part), writeOut: () => undefined });
    command.exitOverride();
  }
  try {
    await program.parseAsync(["node", "sealcast", ...args]);
    return undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? undefined : text;
  }
}

/** Returns the paths of all commands that do something, such as `channels list`, for tests. */
export function commandPaths(command: Command, path: readonly string[] = []): string[] {
  if (command.commands.length === 0) return [path.join(" ")];
  return command.commands.flatMap((child) => commandPaths(child, [...path, child.name()]));
}
