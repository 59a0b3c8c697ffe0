import { WrongUsage } from "../command-failure.ts";
import { printResult } from "../output.ts";
import { readStandardInput } from "../read-input.ts";
import { createApi } from "../target/create-api.ts";
import { readMasterKey, type MasterKeyOptions } from "../target/master-key.ts";
import { readSealedKeys, type SealedKeyOptions } from "../target/sealed-keys.ts";
import { resolveTarget, type TargetOptions } from "../target/resolve-target.ts";
import { eventData } from "./event-data.ts";
import { publishLines } from "./publish-lines.ts";

/** Arguments of `trigger`. Each can also be an option, under the names of the official command. */
interface TriggerArguments {
  readonly channel: string | undefined;
  readonly event: string | undefined;
  readonly data: string | undefined;
}

/** Options of `trigger`. */
interface TriggerCommandOptions extends TargetOptions, MasterKeyOptions, SealedKeyOptions {
  readonly json?: boolean;
  readonly channel?: readonly string[];
  readonly event?: string;
  readonly data?: string;
  readonly lines?: string;
  readonly socketId?: string;
}

/** Publishes one event, or one for each line of a file. */
export async function runTrigger(given: TriggerArguments, options: TriggerCommandOptions): Promise<void> {
  const channels = options.channel ?? (given.channel === undefined ? [] : [given.channel]);
  const event = options.event ?? given.event;
  if (options.lines === undefined && (channels.length === 0 || event === undefined)) {
    throw new WrongUsage("trigger needs a channel and an event, or --lines FILE");
  }
  const keys = [await readMasterKey(options), await readSealedKeys(options)] as const;
  const api = await createApi(await resolveTarget(options), ...keys);
  if (options.lines !== undefined) {
    const published = await publishLines(api, options.lines);
    printResult(options.json, { published }, () => `Published ${published} events.\n`);
    return;
  }
  const data = options.data ?? given.data ?? (await readStandardInput());
  const exclude = options.socketId === undefined ? {} : { socketId: options.socketId };
  await api.trigger(channels, event ?? "", eventData(data, channels[0] ?? ""), exclude);
  printResult(options.json, { published: 1, channels }, () => "");
}
