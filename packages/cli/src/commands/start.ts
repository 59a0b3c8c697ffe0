import type { Command } from "commander";

/** Adds `sealcast start`. Its flags come from `addServerFlags`. */
export function addStart(program: Command): void {
  program
    .command("start")
    .description("start the server")
    .action(async (options: Readonly<Record<string, string | boolean | undefined>>, command: Command) => {
      const { runStart } = await import("../start/run-start.ts");
      const flags = new Map<string, string | true>();
      for (const option of command.options) {
        const name = option.attributeName();
        const value = options[name];
        // `--no-compression` is `--compression false`.
        if (value === undefined || name === "config" || option.negate) continue;
        flags.set(option.long ?? name, value === false ? "false" : value);
      }
      const path = (options["config"] as string | undefined) ?? (process.env["SEALCAST_CONFIG"] || undefined);
      await runStart(path, flags, program.version() ?? "");
    });
}
