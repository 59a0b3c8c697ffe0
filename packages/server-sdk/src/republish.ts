import type { Api } from "./api.ts";
import { checkList, invalid, wrongType } from "./arguments.ts";
import { queryCachedData } from "./channel-query.ts";
import type { Encryption } from "./encryption.ts";
import { checkChannelName, checkEventName } from "./names.ts";
import type { Platform } from "./platform.ts";
import { sendPublish } from "./publish.ts";
import { plaintextRequest, type Writer } from "./publish-request.ts";
import { limitConcurrency } from "./limit-concurrency.ts";

/** How many channels are read and published at the same time, so that thousands do not overload the server. */
const channelsAtATime = 10;

/** An encrypted cache channel, and the name of its cached event, which the HTTP API does not return. */
export interface CachedChannel {
  readonly channel: string;
  readonly event: string;
}

/**
 * What happened to a channel. `republished`: published again with the current key; `current`: it was encrypted with the
 * current key already; `empty`: it has no cached event; `unreadable`: no key of the ring decrypts it.
 */
export type Republished = "republished" | "current" | "empty" | "unreadable";

/**
 * Publishes the cached events of encrypted cache channels again, with the current key. An event that another publisher
 * sends between reading and publishing is replaced by the older one; the rotation pause makes that unlikely, not
 * impossible.
 */
export async function republish(
  channels: readonly CachedChannel[],
  when: "now" | "after-rotation",
  api: Api,
  encryption: Encryption,
  writer: Writer,
  platform: Platform,
): Promise<ReadonlyMap<string, Republished>> {
  checkArguments(channels, when);
  const limited = limitConcurrency(channelsAtATime);
  const republishOne = async ({ channel, event }: CachedChannel): Promise<Republished> => {
    const data = await queryCachedData(api, channel);
    if (data === undefined) return "empty";
    if (encryption.isCurrent(channel, data)) return "current";
    const opened = encryption.open(channel, data);
    if (!opened.ok) return "unreadable";
    await sendPublish(api, writer, plaintextRequest(encryption, channel, event, opened.plaintext.text));
    return "republished";
  };
  const whenDue = async (cached: CachedChannel): Promise<[string, Republished]> => {
    const { channel } = cached;
    const rotationMs = when === "after-rotation" ? encryption.nextRotation(channel) : undefined;
    if (rotationMs !== undefined) await sleepUntil(rotationMs, platform);
    await sleepUntil(encryption.pausedUntil(channel), platform);
    return [channel, await limited(() => republishOne(cached))];
  };
  return new Map(await Promise.all(channels.map(whenDue)));
}

function checkArguments(channels: readonly CachedChannel[], when: unknown): void {
  checkList("channels", "a list of channels with their events", channels);
  for (const cached of channels) {
    if (typeof cached !== "object" || cached === null)
      throw wrongType("channel", "an object with channel and event", cached);
    checkChannelName(cached.channel);
    checkEventName(cached.event);
  }
  if (when !== "now" && when !== "after-rotation") throw invalid('Invalid time: expected "now" or "after-rotation"');
}

async function sleepUntil(timeMs: number, platform: Platform): Promise<void> {
  for (let now = platform.now(); now < timeMs; now = platform.now()) {
    await platform.sleep(Math.min(timeMs - now, longestSleepMs));
  }
}

/** Timers overflow past 2^31 milliseconds. */
const longestSleepMs = 2_147_483_647;
