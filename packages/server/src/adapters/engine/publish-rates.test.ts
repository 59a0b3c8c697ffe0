import type { AppId } from "@sealcast/protocol";
import { FakeClock } from "@sealcast/server-testing";
import { expect, test } from "vitest";
import { PublishRates } from "./publish-rates.ts";

const hour = 3_600_000;

test.each([-hour, hour])("[HTTP16] setting the clock by %i ms changes no rate", (byMs) => {
  const clock = new FakeClock();
  const rates = new PublishRates(clock);
  const isWithin = (): boolean => rates.take("1001" as AppId, { events: 1, perSecond: 1 });
  expect(isWithin()).toBe(true);
  clock.set(clock.now() + byMs);
  expect(isWithin()).toBe(false);
  clock.advance(1_000);
  expect(isWithin()).toBe(true);
});
