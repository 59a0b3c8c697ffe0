import type { Command } from "commander";

/** Adds `sealcast console-password`. */
export function addConsolePassword(program: Command): void {
  program
    .command("console-password")
    .description("hash a password for an operator of the console")
    .action(async () => {
      const { runConsolePassword } = await import("../console/run-console-password.ts");
      await runConsolePassword();
    });
}
