import type { ChannelName } from "@sealcast/protocol";
import { describe, expect, test } from "vitest";
import type { CachedEvent } from "../../ports/engine.ts";
import { EventCache } from "./event-cache.ts";

const [a, b, c] = ["cache-a", "cache-b", "cache-c"] as ChannelName[] as [ChannelName, ChannelName, ChannelName];

/** An event of 100 characters. */
function eventUntil(expiresAtMs: number, letter = "x"): CachedEvent {
  return { message: letter.repeat(60), data: letter.repeat(40), expiresAtMs };
}

describe("kept events", () => {
  test("[CACHE1] the last one counts", () => {
    const cache = new EventCache(1_000);
    cache.set(a, eventUntil(10, "1"));
    cache.set(a, eventUntil(10, "2"));
    expect(cache.get(a, 0)).toEqual(eventUntil(10, "2"));
    expect(cache.get(b, 0)).toBeUndefined();
  });

  test("[CACHE4] one whose time is over is not told, swept or not", () => {
    const cache = new EventCache(1_000);
    cache.set(a, eventUntil(10));
    cache.set(b, eventUntil(20));
    expect(cache.get(a, 9)).toBeDefined();
    expect(cache.get(a, 10)).toBeUndefined();
    cache.sweep(10);
    expect([cache.get(a, 0), cache.get(b, 0)]).toEqual([undefined, eventUntil(20)]);
  });

  test("[CACHE4] the oldest go when there is no room, and no more than must", () => {
    const cache = new EventCache(250);
    cache.set(a, eventUntil(10));
    cache.set(b, eventUntil(10));
    cache.set(a, eventUntil(10));
    cache.set(c, eventUntil(10));
    expect([a, b, c].map((channel) => cache.get(channel, 0) !== undefined)).toEqual([true, false, true]);
  });

  test("swept and replaced events make room", () => {
    const cache = new EventCache(200);
    cache.set(a, eventUntil(10));
    for (let count = 0; count < 5; count += 1) cache.set(b, eventUntil(20));
    cache.sweep(10);
    cache.set(c, eventUntil(20));
    expect([a, b, c].map((channel) => cache.get(channel, 0) !== undefined)).toEqual([false, true, true]);
  });

  test("an event that is larger than all room is not kept", () => {
    const cache = new EventCache(99);
    cache.set(a, eventUntil(10));
    expect(cache.get(a, 0)).toBeUndefined();
  });
});
