import type { AppId, ChannelName, SocketId } from "@sealcast/protocol";
import { describe, expect, test } from "vitest";
import type { Activity } from "../core/monitoring/activity.ts";
import { ActivityLog, type Viewer } from "./activity-log.ts";
import { entryTypes, type EntryType, type LogEntry } from "./contract.ts";

const app = "1001" as AppId;
const orders = "private-encrypted-orders" as ChannelName;
const socketId = "1.2" as SocketId;
const published: Activity = {
  kind: "published",
  app,
  event: "paid",
  channels: [orders],
  data: '{"nonce":"","ciphertext":""}',
};

function createLog(): ActivityLog {
  return new ActivityLog("node-a", { now: () => 1_000 });
}

function viewer(types: readonly EntryType[] = entryTypes, of = "1001"): Viewer & { readonly seen: LogEntry[] } {
  const seen: LogEntry[] = [];
  return { app: of, types: new Set(types), seen, show: (entry) => seen.push(entry) };
}

describe("what the log wants", () => {
  test("nothing while nobody watches", () => {
    const log = createLog();
    expect(log.wants("published")).toBe(false);
    const stop = log.watch(viewer());
    expect(log.wants("published")).toBe(true);
    expect(log.wants("subscribed")).toBe(true);
    stop();
    expect(log.wants("published")).toBe(false);
    expect(log.wants("delivered")).toBe(false);
    expect(log.wants("webhook-attempted")).toBe(false);
  });

  test("only the types that somebody watches", () => {
    const log = createLog();
    log.watch(viewer(["occupied"]));
    expect(log.wants("occupied")).toBe(true);
    expect(log.wants("client-event")).toBe(false);
    log.watch(viewer(["webhook-failed"]));
    expect(log.wants("webhook-attempted")).toBe(true);
  });
});

describe("what viewers see", () => {
  test("entries of their app and types, with what happened as it was sent", () => {
    const log = createLog();
    const [mine, other, few] = [viewer(), viewer(entryTypes, "1002"), viewer(["vacated"])];
    for (const each of [mine, other, few]) log.watch(each);
    log.observe(published);
    expect(mine.seen).toEqual([
      {
        id: 1,
        node: "node-a",
        timeMs: 1_000,
        type: "api-message",
        channel: orders,
        event: "paid",
        data: '{"nonce":"","ciphertext":""}',
        details: "Channel: private-encrypted-orders, Event: paid",
      },
    ]);
    expect([other.seen, few.seen]).toEqual([[], []]);
  });

  test("one entry for each channel of an event", () => {
    const log = createLog();
    const mine = viewer();
    log.watch(mine);
    log.observe({ ...published, channels: ["a" as ChannelName, "b" as ChannelName] });
    expect(mine.seen.map(({ channel }) => channel)).toEqual(["a", "b"]);
  });

  test("recent entries at once, but none of before anybody watched", () => {
    const log = createLog();
    log.observe(published);
    log.watch(viewer());
    log.observe(published);
    const late = viewer();
    log.watch(late);
    expect(late.seen.map(({ id }) => id)).toEqual([2]);
  });

  test("long data is shortened, and the entry has its full length", () => {
    const log = createLog();
    const mine = viewer();
    log.watch(mine);
    log.observe({ ...published, data: "x".repeat(20_000) });
    expect(mine.seen[0]?.data).toHaveLength(16_384);
    expect(mine.seen[0]?.fullDataLength).toBe(20_000);
  });

  test("a disconnection tells channels, lifetime and the close code", () => {
    const log = createLog();
    const mine = viewer();
    log.watch(mine);
    const client = { address: undefined, origin: undefined, sdk: undefined };
    const closed = { ...client, app, socketId, code: 4201, reason: "Pong not received", userId: undefined };
    log.observe({ kind: "connection-closed", ...closed, channels: [orders, "b" as ChannelName], lifetimeMs: 7_912 });
    expect(mine.seen[0]?.details).toBe(
      "Channels: private-encrypted-orders, b, Lifetime: 7.912 s, Closed: 4201 Pong not received",
    );
  });

  test("an attempt at a webhook tells what it came to, and what follows", () => {
    const log = createLog();
    const mine = viewer(["webhook-sent", "webhook-failed"]);
    log.watch(mine);
    const attempt = { kind: "webhook-attempted", app, url: "http://a.example/", delivery: "1", durationMs: 3 } as const;
    log.observe({ ...attempt, events: 2, status: 200, error: undefined, outcome: "delivered" });
    log.observe({ ...attempt, events: 1, status: 500, error: "status 500", outcome: "retry" });
    log.observe({ ...attempt, events: 1, status: undefined, error: "connection refused", outcome: "dead" });
    expect(mine.seen.map(({ type, details }) => [type, details])).toEqual([
      ["webhook-sent", "POST to http://a.example/ succeeded with status 200, Events: 2"],
      ["webhook-failed", "POST to http://a.example/ failed with status 500, Events: 1, Next: tried again later"],
      ["webhook-failed", "POST to http://a.example/ failed: connection refused, Events: 1, Next: given up"],
    ]);
  });

  test("what operators do with an app is shown, and a sign-in with its address is not", () => {
    const log = createLog();
    const mine = viewer();
    log.watch(mine);
    const acted = { kind: "operator-acted", operator: "ada", app: "1001" } as const;
    log.observe({ ...acted, action: "send-event", subject: "orders", outcome: "done", status: 200 });
    log.observe({ ...acted, action: "change-app", subject: "", outcome: "refused", status: 403 });
    log.observe({ ...acted, app: undefined, action: "sign-in", subject: "10.0.0.7", outcome: "done", status: 200 });
    expect(mine.seen.map(({ type, details }) => [type, details])).toEqual([
      ["operator-action", "Operator: ada, Action: send-event, About: orders"],
      ["operator-action", "Operator: ada, Action: change-app, Refused: status 403"],
    ]);
  });

  test("a refused request of the console itself is not shown", () => {
    const log = createLog();
    const mine = viewer();
    log.watch(mine);
    const refused = {
      kind: "request-refused",
      address: undefined,
      app,
      method: "POST",
      status: 400,
      message: "",
    } as const;
    log.observe({ ...refused, path: "/console/api/apps/1001/events" });
    log.observe({ ...refused, path: "/apps/1001/events" });
    expect(mine.seen.map(({ details }) => details)).toEqual(["400 POST /apps/1001/events: "]);
  });

  test("what concerns no single app is shown to all", () => {
    const log = createLog();
    const [mine, other] = [viewer(), viewer(entryTypes, "1002")];
    log.watch(mine);
    log.watch(other);
    log.observe({
      kind: "request-refused",
      address: undefined,
      app: undefined,
      method: "GET",
      path: "/x",
      status: 404,
      message: "Nothing here",
    });
    expect([mine.seen.length, other.seen.length]).toEqual([1, 1]);
  });
});
