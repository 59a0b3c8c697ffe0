import type { AppId, ChannelName, SocketId } from "@sealcast/protocol";
import { FakeClock } from "@sealcast/server-testing";
import { expect, test } from "vitest";
import type { UsageDay } from "../core/monitoring/usage-day.ts";
import { UsageMeter } from "./usage-meter.ts";

const app = "1001" as AppId;
const channel = "a" as ChannelName;

/** A meter, and what it wrote; `others` messages were counted by other processes. */
function start() {
  const clock = new FakeClock();
  const written: UsageDay[] = [];
  const scene = { isAway: false, others: 0 };
  const meter = new UsageMeter(clock, {
    async add(rows) {
      if (scene.isAway) return "unavailable";
      written.push(...rows);
      return rows.map(({ messages }) => messages + scene.others);
    },
    days: async () => written,
  });
  const deliver = (connections: number): void =>
    meter.observe({ kind: "delivered", app, channel, connections, length: 1 });
  return { clock, written, scene, meter, deliver };
}

test("counts each channel of a publish, each client event and each delivery", async () => {
  const { clock, written, meter, deliver } = start();
  meter.observe({ kind: "published", app, event: "e", channels: [channel, channel], data: "" });
  const event = { event: "client-e", data: "", userId: undefined, socketId: "1.2" as SocketId };
  meter.observe({ kind: "client-event", app, channel, ...event });
  deliver(5);
  expect(meter.messagesToday(app)).toBe(8);
  clock.advance(10_000);
  await meter.write();
  expect(written).toEqual([
    { app, day: new Date(clock.now()).toISOString().slice(0, 10), messages: 8, peakConnections: 0 },
  ]);
});

test("knows what other processes have counted once it has written", async () => {
  const { meter, scene, deliver } = start();
  deliver(1);
  scene.others = 100;
  await meter.write();
  deliver(2);
  expect(meter.messagesToday(app)).toBe(103);
});

test("keeps what it cannot write", async () => {
  const { meter, scene, written, deliver } = start();
  deliver(1);
  scene.isAway = true;
  await meter.write();
  deliver(2);
  scene.isAway = false;
  await meter.write();
  await meter.write();
  expect(written.map(({ messages }) => messages)).toEqual([3]);
});

test("begins each day in UTC at nothing, and writes what is left of the day before", async () => {
  const { clock, meter, written, deliver } = start();
  const left = meter.secondsLeftToday();
  deliver(7);
  clock.advance(left * 1_000);
  expect(meter.messagesToday(app)).toBe(0);
  deliver(1);
  await meter.close();
  const days = written.map(({ messages, day }) => [messages, Date.parse(day)]);
  expect(days.map(([messages]) => messages)).toEqual([7, 1]);
  expect((days[1]?.[1] ?? 0) - (days[0]?.[1] ?? 0)).toBe(86_400_000);
});

test("keeps the most connections of the day", async () => {
  const { meter, written } = start();
  const details = { socketId: "1.2" as SocketId, address: undefined, origin: undefined, sdk: undefined };
  const opened = { kind: "connection-opened", app, protocolVersion: 7, ...details } as const;
  const end = { code: 4200, reason: "", userId: undefined, channels: [], lifetimeMs: 1 };
  const closed = { kind: "connection-closed", app, ...details, ...end } as const;
  for (const activity of [opened, opened, closed, opened, closed]) meter.observe(activity);
  await meter.write();
  expect(written).toMatchObject([{ messages: 0, peakConnections: 2 }]);
});
