import type { Command } from "commander";
import { addTargetOptions } from "../target/target-options.ts";
import { masterKeyFlag } from "../target/master-key.ts";
import { sealedFlag } from "../target/sealed-keys.ts";

/** Adds `sealcast trigger`. */
export function addTrigger(program: Command): void {
  const command = program
    .command("trigger [channel] [event] [data]")
    .description("publish an event, or many")
    .option("--channel <NAME...>", "channel, or several; instead of the argument")
    .option("--event <NAME>", "event; instead of the argument")
    .option("--message, --data <TEXT>", "data, as it is sent; instead of the argument. Default: standard input.")
    .option("--lines <FILE>", 'publish each line of a file, or of standard input (-): {"channel","name","data"}')
    .option("--socket-id <ID>", "connection that does not get the event")
    .option(...masterKeyFlag)
    .option(...sealedFlag);
  addTargetOptions(command).action(
    async (channel: string | undefined, event: string | undefined, data: string | undefined, options) =>
      (await import("../trigger/run-trigger.ts")).runTrigger({ channel, event, data }, options),
  );
}
