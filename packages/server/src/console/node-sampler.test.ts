import { FakeClock } from "@sealcast/server-testing";
import { expect, test } from "vitest";
import { RecentUse } from "../metrics/recent-use.ts";
import type { NodeFigures } from "./contract.ts";
import { NodeSampler } from "./node-sampler.ts";

function createSampler(): { clock: FakeClock; sampler: NodeSampler; readings: () => number } {
  const clock = new FakeClock();
  let readings = 0;
  const sampler = new NodeSampler(clock, new RecentUse(clock), (counting) => {
    readings += 1;
    return { timeMs: clock.now(), counting, connections: readings } as NodeFigures;
  });
  return { clock, sampler, readings: () => readings };
}

test("pages that ask within the same second get the same figures", () => {
  const { clock, sampler, readings } = createSampler();
  sampler.current(clock.now());
  sampler.current(clock.now());
  expect(readings()).toBe(1);
  clock.advance(1_000);
  sampler.current(clock.now());
  expect(readings()).toBe(2);
});

test("figures are kept while nobody looks, without what is not counted, for six hours", () => {
  const { clock, sampler } = createSampler();
  const stop = sampler.start();
  clock.advance(30_000);
  expect(sampler.history().map(({ counting }) => counting)).toEqual([false, false]);
  sampler.current(clock.now());
  for (let minutes = 0; minutes < 7 * 60; minutes += 1) clock.advance(60_000);
  const history = sampler.history();
  expect(history).toHaveLength(1_440);
  expect(history.at(-1)?.counting).toBe(false);
  expect(sampler.history(15)).toEqual(history.slice(-60));
  stop();
  clock.advance(60_000);
  expect(sampler.history()).toEqual(history);
});
