import { InvalidArgumentError, type Command } from "commander";
import { addTargetOptions } from "../target/target-options.ts";
import { masterKeyFlag } from "../target/master-key.ts";

/** Adds `sealcast subscribe`. */
export function addSubscribe(program: Command): void {
  const command = program
    .command("subscribe <channels...>")
    .description("print the events of channels until Ctrl-C")
    .option("--decrypt", "decrypt the events of encrypted channels; needs the master key")
    .option("--event <NAME>", "only events of this name")
    .option("--count <N>", "end after so many events", wholeNumber)
    .option("--user-id <ID>", "user on presence channels", "sealcast-cli")
    .option(...masterKeyFlag);
  addTargetOptions(command).action(async (channels: readonly string[], options) =>
    (await import("../subscribe/run-subscribe.ts")).runSubscribe(channels, options),
  );
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("Expected a whole number of at least 1.");
  return Number(text);
}
