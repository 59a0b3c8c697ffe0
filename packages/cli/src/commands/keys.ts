import type { Command } from "commander";

/** Adds `sealcast keys`. */
export function addKeys(program: Command): void {
  program
    .command("keys")
    .description("make credentials for an app, and an encryption master key")
    .option("--out <FILE>", "write the configuration to a new file that only you can read, instead of to stdout")
    .action(async (options: { readonly out?: string }) => {
      const { runKeys } = await import("../keys/run-keys.ts");
      await runKeys(options.out);
    });
}
