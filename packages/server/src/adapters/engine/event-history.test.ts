import type { AppId, ChannelName } from "@sealcast/protocol";
import { FakeClock } from "@sealcast/server-testing";
import { describe, expect, test } from "vitest";
import { oneTurn } from "../../core/turns.ts";
import { EventHistory } from "./event-history.ts";

const [app, other] = ["1001" as AppId, "1002" as AppId];
const latest = { after: undefined, limit: 10 } as const;
const kept = { count: 3, ttlSeconds: 10 } as const;
const mebibyte = 1_024 * 1_024;

function setUp(perApp = mebibyte, total = 2 * mebibyte): { clock: FakeClock; history: EventHistory } {
  const clock = new FakeClock();
  let epochs = 0;
  return { clock, history: new EventHistory(clock, { perApp, total }, () => `e${(epochs += 1)}`) };
}

function channel(name: string | number): ChannelName {
  return `cache-${name}` as ChannelName;
}

function messages(history: EventHistory, of: AppId, name: ChannelName): string[] {
  return history.read(of, name, latest).events.map(({ message }) => message);
}

describe("kept events", () => {
  test("[BROKER6] are the last ones, of one channel and app", () => {
    const { history } = setUp();
    for (const message of ["a", "b", "c", "d"]) history.keep(app, channel(1), message, kept);
    history.keep(app, channel(2), "x", kept);
    expect(messages(history, app, channel(1))).toEqual(["b", "c", "d"]);
    expect(messages(history, other, channel(1))).toEqual([]);
  });

  test("[BROKER6] continue after all of them have expired, and an hour later under another epoch", async () => {
    const { history, clock } = setUp();
    const first = history.keep(app, channel(1), "a", kept);
    clock.advance(9_999);
    const second = history.keep(app, channel(1), "b", kept);
    expect(second).toEqual({ epoch: first.epoch, offset: 2 });
    clock.advance(3_600_000);
    await history.sweep(oneTurn);
    const third = history.keep(app, channel(1), "c", kept);
    expect(third).toEqual({ epoch: first.epoch, offset: 3 });
    clock.advance(3_610_000);
    await history.sweep(oneTurn);
    expect(history.bytes).toBe(0);
    const fourth = history.keep(app, channel(1), "d", kept);
    expect(fourth.offset).toBe(1);
    expect(fourth.epoch).not.toBe(first.epoch);
    expect(history.read(app, channel(1), { after: third, limit: 1 })).toMatchObject({ gap: true, last: fourth });
  });

  test("[BROKER6] positions that subscriptions begin count towards the memory, and the oldest are forgotten first", () => {
    const { history } = setUp(10_000);
    for (let index = 0; index < 100; index += 1) {
      history.read(app, channel(index), { after: undefined, limit: 1, begin: true });
    }
    expect(history.bytes).toBeGreaterThan(5_000);
    expect(history.bytes).toBeLessThanOrEqual(10_000);
    expect(history.read(app, channel(0), latest).last).toBeUndefined();
    expect(history.read(app, channel(99), latest).last).toMatchObject({ offset: 0 });
  });
});

describe("[BROKER6] the memory of kept events is bounded", () => {
  test("subscriptions to new names, which anybody may begin, make no channel forget events", () => {
    const { history } = setUp(10_000);
    history.keep(app, channel("news"), "a", kept);
    const { clock, history: expiring } = setUp(10_000);
    expiring.keep(app, channel("news"), "a", kept);
    clock.advance(10_000);
    expiring.keep(app, channel("fresh"), "b", kept);
    for (const each of [history, expiring]) {
      for (let index = 0; index < 100; index += 1) {
        each.read(app, channel(index), { after: undefined, limit: 1, begin: true });
      }
      expect(each.bytes).toBeLessThanOrEqual(10_000);
    }
    expect(messages(history, app, channel("news"))).toEqual(["a"]);
    expect(messages(expiring, app, channel("fresh"))).toEqual(["b"]);
  });

  test("per app: the channels that were published to least recently forget first", () => {
    const { history } = setUp();
    const data = "x".repeat(100_000);
    for (let index = 0; index < 30; index += 1) history.keep(app, channel(index), data, kept);
    history.keep(app, channel(25), data, kept);
    const left = Array.from({ length: 30 }, (_, index) => index).filter(
      (index) => messages(history, app, channel(index)).length > 0,
    );
    expect(left).toEqual([21, 22, 23, 24, 25, 26, 27, 28, 29]);
    expect(history.bytes).toBeLessThanOrEqual(mebibyte);
  });

  test("for all apps together: the app that holds the most forgets first", () => {
    const { history } = setUp(mebibyte, 2 * mebibyte);
    const data = "x".repeat(50_000);
    history.keep(other, channel("small"), data, kept);
    for (const name of ["2001", "2002", "2003", "2004"]) {
      for (let index = 0; index < 30; index += 1) history.keep(name as AppId, channel(index), data, kept);
    }
    expect(history.bytes).toBeLessThanOrEqual(2 * mebibyte);
    expect(messages(history, other, channel("small"))).toEqual([data]);
  });

  test("an event that is larger than all that an app may hold is not kept, and others get no wrong position", () => {
    const { history } = setUp(10_000);
    const first = history.keep(app, channel(1), "x".repeat(20_000), kept);
    expect(history.bytes).toBe(0);
    expect(history.keep(app, channel(1), "a", kept)).not.toEqual(first);
  });

  test("texts with wide characters count two bytes per character", () => {
    const { history } = setUp();
    history.keep(app, channel(1), "x".repeat(1_000), kept);
    const narrow = history.bytes;
    history.keep(app, channel(2), "€".repeat(1_000), kept);
    expect(history.bytes).toBe(2 * narrow + 1_000);
  });

  test("empty events count what they cost: many of them take little more memory than was counted", () => {
    const { history } = setUp(64 * mebibyte, 64 * mebibyte);
    const before = process.memoryUsage().heapUsed;
    for (let index = 0; index < 100_000; index += 1) {
      history.keep(
        app,
        channel(`some-channel-${index}`),
        JSON.stringify({ event: "e", channel: index, data: "" }),
        kept,
      );
    }
    const used = process.memoryUsage().heapUsed - before;
    expect(history.bytes).toBeLessThanOrEqual(64 * mebibyte);
    expect(used).toBeLessThan(1.5 * history.bytes);
  });
});
