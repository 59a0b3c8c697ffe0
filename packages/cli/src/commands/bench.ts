import type { Command } from "commander";
import { addTargetOptions } from "../target/target-options.ts";
import { wholeNumber } from "./whole-number.ts";

/** Adds `sealcast bench`. */
export function addBench(program: Command): void {
  const command = program
    .command("bench")
    .description("put load on a running server, and report losses and latency")
    .option("--connections <N>", "subscribers", wholeNumber(1, 100_000), 100)
    .option("--rate <N>", "events published per second", wholeNumber(1, 10_000), 20)
    .option("--seconds <N>", "how long events are published", wholeNumber(1, 86_400), 10)
    .option("--bytes <N>", "size of the data of an event", wholeNumber(40, 1_000_000), 100);
  addTargetOptions(command).action(async (options) => (await import("../bench/run-bench.ts")).runBench(options));
}
