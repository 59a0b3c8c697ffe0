import type { Command } from "commander";
import { addTargetOptions } from "../target/target-options.ts";
import { masterKeyFlag } from "../target/master-key.ts";
import { sealedFlag } from "../target/sealed-keys.ts";
import { wholeNumber } from "./whole-number.ts";

/** Adds `sealcast subscribe`. */
export function addSubscribe(program: Command): void {
  const command = program
    .command("subscribe <channels...>")
    .description("print the events of channels until Ctrl-C")
    .option("--decrypt", "decrypt the events of encrypted and sealed channels; needs their keys")
    .option("--event <NAME>", "only events of this name")
    .option("--count <N>", "end after so many events", wholeNumber(1, 999_999_999))
    .option("--user-id <ID>", "user on presence channels", "sealcast-cli")
    .option(...masterKeyFlag)
    .option(...sealedFlag);
  addTargetOptions(command).action(async (channels: readonly string[], options) =>
    (await import("../subscribe/run-subscribe.ts")).runSubscribe(channels, options),
  );
}
