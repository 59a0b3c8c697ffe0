import type { Command } from "commander";

/** Adds `sealcast check`. */
export function addCheck(program: Command): void {
  program
    .command("check")
    .description("check a configuration without starting a server")
    .option("--config <FILE>", "JSON file with options and apps. Variable: SEALCAST_CONFIG.")
    .option("--json", "print JSON")
    .action(async (options: { readonly config?: string; readonly json?: boolean }) => {
      const { runCheck } = await import("../check/run-check.ts");
      await runCheck(options.config ?? (process.env["SEALCAST_CONFIG"] || undefined), options.json);
    });
}
