import type { LogEntry } from "@sealcast/server/console";
import { traitsOf } from "@sealcast/protocol";
import { keyIdOf } from "../unlock/sealed-channel.ts";

/** A key that events name. */
export interface SeenKey {
  readonly keyId: string;
  readonly channel: string;
  readonly events: number;
  readonly lastMs: number;
}

/** The key ids in events on sealed channels, the most recently seen first. Each channel has key ids of its own. */
export function seenKeys(entries: readonly LogEntry[]): SeenKey[] {
  const seen = new Map<string, SeenKey>();
  for (const { channel, data, timeMs } of entries) {
    if (channel === undefined || data === undefined || traitsOf(channel).encryption !== "sealed") continue;
    const keyId = keyIdOf(data);
    if (keyId === undefined) continue;
    const name = `${channel} ${keyId}`;
    const events = (seen.get(name)?.events ?? 0) + 1;
    seen.set(name, { keyId, channel, events, lastMs: timeMs });
  }
  return [...seen.values()].toSorted((a, b) => b.lastMs - a.lastMs);
}
