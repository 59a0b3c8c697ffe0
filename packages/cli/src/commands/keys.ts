import type { Command } from "commander";

/** Adds `sealcast keys`. */
export function addKeys(program: Command): void {
  const keys = program
    .command("keys")
    .description("make and rotate credentials and keys; without a sub-command: a new configuration and a master key")
    .option("--out <FILE>", "write the configuration to a new file that only you can read, instead of to stdout")
    .action(async (options: { readonly out?: string }) => (await import("../keys/run-keys.ts")).runKeys(options.out));
  keys
    .command("app")
    .description("print id, key and secret of a new app, to add to a configuration")
    .action(async () => (await import("../keys/run-keys.ts")).printApp());
  keys
    .command("master")
    .description("print a new encryption master key")
    .action(async () => (await import("../keys/run-keys.ts")).printMasterKey());
  keys
    .command("ring <file>")
    .description("create a file with a key ring of one new key")
    .option("--sealed", "for sealed channels: the option `sealed` of the server library, not `encryption`")
    .action(async (file: string, options: { readonly sealed?: true }) =>
      (await import("../keys/run-ring.ts")).createRing(file, options.sealed),
    );
  keys
    .command("inspect <file>")
    .description("show which key of a ring is in use, and which can be removed; keys are not shown")
    .option("--json", "print JSON")
    .action(async (file: string, options: { readonly json?: boolean }) =>
      (await import("../keys/run-ring.ts")).inspectRing(file, options.json),
    );
  keys
    .command("rotate <file>")
    .description("add a new key to a ring, and print the plan of the rotation")
    .option("--at <TIME>", "when publishers begin to use it, such as 2030-01-01T03:00:00Z. Default: in 7 hours.")
    .action(async (file: string, options: { readonly at?: string }) =>
      (await import("../keys/run-ring.ts")).rotateRing(file, options.at),
    );
}
