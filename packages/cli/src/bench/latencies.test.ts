import { expect, test } from "vitest";
import { summarize } from "./latencies.ts";

test("percentiles are those of the sorted values", () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(summarize(values)).toEqual({ p50: 50, p95: 95, p99: 99, max: 100 });
});

test("one value is every percentile; none is undefined", () => {
  expect(summarize([1.26])).toEqual({ p50: 1.3, p95: 1.3, p99: 1.3, max: 1.3 });
  expect(summarize([])).toBeUndefined();
});
