import type { Command } from "commander";
import { addTargetOptions } from "../target/target-options.ts";
import { wholeNumber } from "./whole-number.ts";

/** Adds `sealcast tail`. */
export function addTail(program: Command): void {
  const command = program
    .command("tail")
    .description("print what happens on a server, as in the log of its console, until Ctrl-C")
    .option("--type <TYPE...>", "only entries of these types, such as api-message or client-error")
    .option("--prefix <PREFIX>", "only channels whose names begin with it")
    .option("--event <NAME>", "only events of this name")
    .option("--count <N>", "end after so many entries", wholeNumber(1, 999_999_999))
    .option("--operator <NAME>", "sign in to the console; the password is SEALCAST_CONSOLE_PASSWORD or asked for");
  addTargetOptions(command).action(async (options) => (await import("../tail/run-tail.ts")).runTail(options));
}
