import type { Api } from "./api.ts";
import { queryCachedData } from "./channel-query.ts";
import type { Encryption } from "./encryption.ts";
import type { Platform } from "./platform.ts";
import { sendPublish } from "./publish.ts";
import { plaintextRequest, type Writer } from "./publish-request.ts";
import { someAtATime } from "./some-at-a-time.ts";

/** Channels that are read and published at the same time: an application may have thousands, a server one backlog. */
const channelsAtATime = 10;

/** An encrypted cache channel, and the event name under which it keeps its last value: the service does not tell that. */
export interface CachedChannel {
  readonly channel: string;
  readonly event: string;
}

/**
 * What became of a channel: published anew; `current`: already under the key in force; `empty`: nothing kept;
 * `unreadable`: sealed under no key of the ring.
 */
export type Republished = "republished" | "current" | "empty" | "unreadable";

/**
 * Publishes the kept events of encrypted cache channels once more under the key in force. An event that somebody publishes
 * between reading and publishing is overwritten by the older one; the pause of a key rotation makes that unlikely, not
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
  const inTurn = someAtATime(channelsAtATime);
  const one = async ({ channel, event }: CachedChannel): Promise<Republished> => {
    const data = await queryCachedData(api, channel);
    if (data === undefined) return "empty";
    if (encryption.isCurrent(channel, data)) return "current";
    const opened = encryption.open(channel, data);
    if (!opened.ok) return "unreadable";
    await sendPublish(api, writer, plaintextRequest(encryption, channel, event, opened.plaintext.text));
    return "republished";
  };
  const whenItsTimeComes = async (kept: CachedChannel): Promise<[string, Republished]> => {
    const { channel } = kept;
    const rotationMs = when === "after-rotation" ? encryption.nextRotation(channel) : undefined;
    if (rotationMs !== undefined) await sleepUntil(rotationMs, platform);
    await sleepUntil(encryption.pausedUntil(channel), platform);
    return [channel, await inTurn(() => one(kept))];
  };
  return new Map(await Promise.all(channels.map(whenItsTimeComes)));
}

async function sleepUntil(timeMs: number, platform: Platform): Promise<void> {
  for (let now = platform.now(); now < timeMs; now = platform.now()) {
    await platform.sleep(Math.min(timeMs - now, longestSleepMs));
  }
}

/** Timers overflow past 2^31 milliseconds. */
const longestSleepMs = 2_147_483_647;
