import type { Command } from "commander";

/** Adds `sealcast profiles`. */
export function addProfiles(program: Command): void {
  const profiles = program.command("profiles").description("keep the URLs of apps under names, for --app");
  profiles
    .command("add <name>")
    .description("store a profile; reads its URL (https://KEY:SECRET@HOST/apps/ID) from standard input")
    .action(async (name: string) => (await import("../profiles/run-profiles.ts")).addProfile(name));
  profiles
    .command("list")
    .description("list profiles, without their secrets")
    .option("--json", "print JSON")
    .action(async (options) => (await import("../profiles/run-profiles.ts")).listProfiles(options));
  profiles
    .command("remove <name>")
    .description("delete a profile")
    .action(async (name: string) => (await import("../profiles/run-profiles.ts")).removeProfile(name));
}
