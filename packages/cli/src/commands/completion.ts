import { Argument, type Command } from "commander";
import { completionScript, shells, type Shell } from "../completion/completion-script.ts";

/** Adds `sealcast completion`. */
export function addCompletion(program: Command): void {
  program
    .command("completion")
    .description("print a script that completes commands and flags in a shell")
    .addArgument(new Argument("<shell>", "bash, zsh or fish").choices(shells))
    .action((shell: Shell) => {
      process.stdout.write(completionScript(shell, program));
    });
}
