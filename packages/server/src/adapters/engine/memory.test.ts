import type { AppId, ChannelName } from "@sealcast/protocol";
import { expect, test } from "vitest";
import { FakeClock } from "@sealcast/server-testing";
import { engineContract } from "@sealcast/server-testing/contracts";
import { MemoryEngine } from "./memory.ts";

engineContract("the memory engine", () =>
  Promise.resolve({ nodes: [new MemoryEngine(new FakeClock())], close: () => Promise.resolve() }),
);

test("[CACHE4] events whose time is over leave no trace, and no timer outlives the engine", () => {
  const clock = new FakeClock();
  const engine = new MemoryEngine(clock);
  engine.start({ deliver: () => undefined, userChanged: () => undefined, terminate: () => undefined });
  const [app, channel] = ["1001" as AppId, "cache-a" as ChannelName];
  const cache = { message: "m", data: "d", expiresAtMs: clock.now() + 5_000 };
  engine.publish(app, [{ channel, message: "m", except: undefined, cache }]);
  clock.advance(4_999);
  expect(engine.cached(app, channel)).toEqual(cache);
  clock.advance(1);
  expect(engine.cached(app, channel)).toBeUndefined();
  engine.close();
  expect(clock.timers).toBe(0);
});

test("what publishers make the engine keep has an end", () => {
  const clock = new FakeClock();
  const engine = new MemoryEngine(clock);
  const app = "1001" as AppId;
  const data = "x".repeat(1_000_000);
  const channels = Array.from({ length: 100 }, (_, index) => `cache-${index}` as ChannelName);
  for (const channel of channels) {
    const cache = { message: data, data, expiresAtMs: clock.now() + 1_000 };
    engine.publish(app, [{ channel, message: data, except: undefined, cache }]);
  }
  const kept = channels.filter((channel) => engine.cached(app, channel) !== undefined);
  expect(kept).toEqual(channels.slice(-33));
});
