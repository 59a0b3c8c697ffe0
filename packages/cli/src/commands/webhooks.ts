import type { Command } from "commander";
import { addTargetOptions } from "../target/target-options.ts";
import { masterKeyFlag } from "../target/master-key.ts";
import { wholeNumber } from "./whole-number.ts";

const idFlag = ["--id <ID>", "only this delivery"] as const;
const limitFlag = ["--limit <N>", "at most so many, newest first", wholeNumber(1, 1_000), 100] as const;

/** Adds `sealcast webhooks`. */
export function addWebhooks(program: Command): void {
  const webhooks = program
    .command("webhooks")
    .description("show webhooks and their deliveries, send failed ones again, receive them on this machine");
  addTargetOptions(webhooks.command("list").description("list the webhooks of an app, and what waits")).action(
    async (options) => (await import("../webhooks/run-webhooks.ts")).listWebhooks(options),
  );
  addTargetOptions(webhooks.command("deliveries [url]").description("list the latest attempts at deliveries to a URL"))
    .option(...limitFlag)
    .action(async (url: string | undefined, options) =>
      (await import("../webhooks/run-webhooks.ts")).listDeliveries(url, options),
    );
  addTargetOptions(webhooks.command("dead [url]").description("list dead letters: deliveries that were given up"))
    .option(...limitFlag)
    .action(async (url: string | undefined, options) =>
      (await import("../webhooks/run-webhooks.ts")).listDeadLetters(url, options),
    );
  addTargetOptions(webhooks.command("replay [url]").description("send dead letters again"))
    .option(...idFlag)
    .action(async (url: string | undefined, options) =>
      (await import("../webhooks/run-webhooks.ts")).replayDeadLetters(url, options),
    );
  addTargetOptions(webhooks.command("clear [url]").description("remove dead letters"))
    .option(...idFlag)
    .action(async (url: string | undefined, options) =>
      (await import("../webhooks/run-webhooks.ts")).clearDeadLetters(url, options),
    );
  addTargetOptions(
    webhooks
      .command("listen")
      .description("receive webhooks on this machine, verify their signatures and print their events")
      .option("--port <N>", "port on 127.0.0.1; 0: any free port", wholeNumber(0, 65_535), 9000)
      .option("--count <N>", "end after so many events", wholeNumber(1, 999_999_999))
      .option(...masterKeyFlag),
  ).action(async (options) => (await import("../webhooks/run-listen.ts")).listenForWebhooks(options));
}
