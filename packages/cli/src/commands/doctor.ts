import type { Command } from "commander";
import { addTargetOptions } from "../target/target-options.ts";
import { wholeNumber } from "./whole-number.ts";

/** Adds `sealcast doctor`. */
export function addDoctor(program: Command): void {
  const command = program
    .command("doctor")
    .description("find what keeps clients from connecting: DNS, TLS, proxy, credentials, Redis, databases")
    .option("--idle-seconds <N>", "how long a silent connection is watched; 0: not at all", wholeNumber(0, 9_999), 65);
  addTargetOptions(command).action(async (options) => (await import("../doctor/run-doctor.ts")).runDoctor(options));
}
