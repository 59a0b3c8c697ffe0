import type { Command } from "commander";
import { addTargetOptions } from "../target/target-options.ts";
import { wholeNumber } from "./whole-number.ts";

/** Adds `sealcast channels`. */
export function addChannels(program: Command): void {
  const channels = program.command("channels").description("list and show channels that have subscribers");
  addTargetOptions(channels.command("list").description("list occupied channels and their counts"))
    .option("--prefix, --filter-by-prefix <PREFIX>", "only channels whose names begin with it")
    .action(async (options) => (await import("../channels/run-channels.ts")).listChannels(options));
  addTargetOptions(channels.command("show <channel>").description("show one channel, occupied or not")).action(
    async (channel: string, options) => (await import("../channels/run-channels.ts")).showChannel(channel, options),
  );
  addTargetOptions(channels.command("members <channel>").description("list the users on a presence channel")).action(
    async (channel: string, options) => (await import("../channels/run-channels.ts")).listMembers(channel, options),
  );
  addTargetOptions(channels.command("history <channel>").description("list the events that a channel keeps"))
    .option("--limit <N>", "at most so many, the oldest first", wholeNumber(1, 1_000), 100)
    .option("--after <POSITION>", "only events after this position, EPOCH:OFFSET")
    .action(async (channel: string, options) =>
      (await import("../channels/run-history.ts")).showHistory(channel, options),
    );
}
