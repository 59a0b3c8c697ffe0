import { checkJsonValue, checkList, wrongType } from "./arguments.ts";
import { checkChannelName, checkEventName } from "./names.ts";
import { checkOptionNames } from "./option-names.ts";
import { publishBatch, publishToChannels } from "./publish.ts";
import type { BatchEvent } from "./publish-request.ts";
import type { SealcastState } from "./sealcast-state.ts";
import {
  checkTriggerOptions,
  paramsOf,
  publishedInfoOf,
  renamedTriggerOptions,
  triggerOptionNames,
  type PublishedInfo,
  type TriggerEvent,
  type TriggerOptions,
} from "./trigger-options.ts";

/** Publishes one event, with checked arguments. Returns what `info` asked for, by channel. */
export async function trigger(
  { api, writer }: SealcastState,
  channels: string | readonly string[],
  event: string,
  data: unknown,
  options: TriggerOptions,
): Promise<ReadonlyMap<string, PublishedInfo>> {
  const names = typeof channels === "string" ? [channels] : channels;
  checkList("channels", "a channel or a list of channels", names);
  for (const channel of names) checkChannelName(channel);
  checkEventName(event);
  checkJsonValue("data", data);
  checkTriggerOptions(options);
  const counts = await publishToChannels(api, writer, names, { name: event, data, ...paramsOf(options) });
  return new Map([...counts].map(([channel, fields]) => [channel, publishedInfoOf(fields)]));
}

/** Publishes several events, with checked arguments. Returns what each event's `info` asked for. */
export async function triggerBatch(
  { api, writer }: SealcastState,
  events: readonly TriggerEvent[],
): Promise<readonly PublishedInfo[]> {
  checkList("events", "a list of events", events);
  const wireEvents = events.map(wireEventOf);
  const counts = await publishBatch(api, writer, wireEvents);
  return wireEvents.map((event) => publishedInfoOf(counts.get(event) ?? new Map<string, unknown>()));
}

function wireEventOf(event: TriggerEvent): BatchEvent {
  if (typeof event !== "object" || event === null) throw wrongType("event", "an object", event);
  checkOptionNames("triggerBatch", event, eventFields, renamedEventFields);
  const { channel, name, data, ...options } = event;
  checkChannelName(channel);
  checkEventName(name);
  checkJsonValue("data", data);
  checkTriggerOptions(options);
  return { channel, name, data, ...paramsOf(options) };
}

const eventFields = [
  "channel",
  "name",
  "data",
  ...triggerOptionNames,
] as const satisfies readonly (keyof TriggerEvent)[];
const renamedEventFields = { ...renamedTriggerOptions, event: "name", channels: "channel" };
