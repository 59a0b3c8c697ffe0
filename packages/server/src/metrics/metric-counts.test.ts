import { FakeClock } from "@sealcast/server-testing";
import type { AppId, ChannelName } from "@sealcast/protocol";
import { describe, expect, test } from "vitest";
import type { Activity } from "../core/monitoring/activity.ts";
import { createMetrics } from "./create-metrics.ts";
import { exposition } from "./exposition.ts";
import { MetricCounts } from "./metric-counts.ts";

const app = "1001" as AppId;
const delivered: Activity = { kind: "delivered", app, channel: "a" as ChannelName, connections: 7, length: 10 };

describe("what is counted", () => {
  test("is nothing before somebody reads the figures, and nothing an hour after the last reading", () => {
    const clock = new FakeClock();
    const { observer, use } = createMetrics(clock);
    const wants = (): boolean => observer.wants("delivered");
    expect(wants()).toBe(false);
    use.note();
    expect([wants(), observer.wants("draining")]).toEqual([true, false]);
    clock.advance(3_599_999);
    use.note();
    clock.advance(3_599_999);
    expect(wants()).toBe(true);
    clock.advance(1);
    expect(wants()).toBe(false);
  });

  test("is what happens, by app and other labels of few values", () => {
    const { counts, observer } = createMetrics(new FakeClock());
    observer.observe(delivered);
    observer.observe(delivered);
    observer.observe({ kind: "request-answered", route: undefined, status: 404, durationMs: 2 });
    expect(counts.samplesOf("sealcast_messages_delivered_total")).toEqual([{ labels: ["1001"], value: 14 }]);
    expect(counts.samplesOf("sealcast_requests_total")).toEqual([{ labels: ["", "404"], value: 1 }]);
    const [sample] = counts.histogramsOf("sealcast_request_duration_seconds");
    expect(sample?.histogram.cumulative().filter(({ end }) => end <= 0.0025)).toEqual([
      { end: 0.0001, count: 0 },
      { end: 0.00025, count: 0 },
      { end: 0.0005, count: 0 },
      { end: 0.001, count: 0 },
      { end: 0.0025, count: 1 },
    ]);
  });

  test("has a bounded number of series, however many apps there are", () => {
    const counts = new MetricCounts();
    for (let index = 0; index < 5_000; index += 1) counts.add("sealcast_events_published_total", [`app-${index}`]);
    expect(counts.samplesOf("sealcast_events_published_total")).toHaveLength(1_001);
    expect(counts.samplesOf("sealcast_events_published_total").at(-1)).toEqual({ labels: ["other"], value: 4_000 });
    expect(counts.total("sealcast_events_published_total")).toBe(5_000);
  });
});

test("labels are escaped, so that no value begins a line of its own", () => {
  const hostile = 'a"b\\c\nd';
  const text = exposition({ sealcast_connections: [{ labels: [hostile], value: 1 }] });
  expect(text.split("\n")).toEqual([
    "# HELP sealcast_connections Open connections.",
    "# TYPE sealcast_connections gauge",
    String.raw`sealcast_connections{app="a\"b\\c\nd"} 1`,
    "",
  ]);
});
