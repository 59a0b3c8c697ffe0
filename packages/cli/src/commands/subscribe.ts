import type { Command } from "commander";
import { addTargetOptions } from "../target/target-options.ts";
import { masterKeyFlag } from "../target/master-key.ts";
import { wholeNumber } from "./whole-number.ts";

/** Adds `sealcast subscribe`. */
export function addSubscribe(program: Command): void {
  const command = program
    .command("subscribe <channels...>")
    .description("print the events of channels until Ctrl-C")
    .option("--decrypt", "decrypt the events of encrypted channels; needs the master key")
    .option("--event <NAME>", "only events of this name")
    .option("--count <N>", "end after so many events", wholeNumber(1, 999_999_999))
    .option("--user-id <ID>", "user on presence channels", "sealcast-cli")
    .option(...masterKeyFlag);
  addTargetOptions(command).action(async (channels: readonly string[], options) =>
    (await import("../subscribe/run-subscribe.ts")).runSubscribe(channels, options),
  );
}
