import type { AppId, ChannelName, SocketId } from "@sealcast/protocol";
import { webhookEventNames } from "@sealcast/protocol";
import { describe, expect, test } from "vitest";
import { planWebhook, type WebhookActivity } from "./webhook-plan.ts";
import type { WebhookTarget } from "./webhook-target.ts";

const app = "1001" as AppId;
const room = "presence-room" as ChannelName;
const orders = "orders" as ChannelName;

function target(url: string, settings: Partial<WebhookTarget> = {}): WebhookTarget {
  return {
    url,
    events: [...webhookEventNames],
    channels: { prefix: "", suffix: "" },
    headers: {},
    batch: false,
    ...settings,
  };
}

const everything = [target("http://a/")];

/** Source of the texts: Channels documentation, webhooks. */
const rows: readonly (readonly [WebhookActivity, string, string, number])[] = [
  [{ app, kind: "occupied", channel: orders }, '{"name":"channel_occupied","channel":"orders"}', "appear", 0],
  [{ app, kind: "vacated", channel: orders }, '{"name":"channel_vacated","channel":"orders"}', "disappear", 3_000],
  [
    { app, kind: "member-added", channel: room, userId: "12345" },
    '{"name":"member_added","channel":"presence-room","user_id":"12345"}',
    "appear",
    0,
  ],
  [
    { app, kind: "member-removed", channel: room, userId: "12345" },
    '{"name":"member_removed","channel":"presence-room","user_id":"12345"}',
    "disappear",
    3_000,
  ],
  [
    {
      app,
      kind: "client-event",
      channel: room,
      event: "client-typing",
      data: '{"on":true}',
      socketId: "1234.1234" as SocketId,
      userId: "12345",
    },
    String.raw`{"name":"client_event","channel":"presence-room","event":"client-typing","data":"{\"on\":true}","socket_id":"1234.1234","user_id":"12345"}`,
    "send",
    0,
  ],
  [
    {
      app,
      kind: "client-event",
      channel: "private-x" as ChannelName,
      event: "client-a",
      data: "b",
      socketId: "1.2" as SocketId,
      userId: undefined,
    },
    '{"name":"client_event","channel":"private-x","event":"client-a","data":"b","socket_id":"1.2"}',
    "send",
    0,
  ],
  [
    { app, kind: "cache-miss", socketId: "1.2" as SocketId, channel: orders },
    '{"name":"cache_miss","channel":"orders"}',
    "once",
    1_000,
  ],
  [
    { app, kind: "subscription-count", channel: orders, count: 100 },
    '{"name":"subscription_count","channel":"orders","subscription_count":100}',
    "send",
    0,
  ],
  [
    { app, kind: "subscription-count", channel: orders, count: 101 },
    '{"name":"subscription_count","channel":"orders","subscription_count":101}',
    "sample",
    5_000,
  ],
];

describe("the plan of webhooks", () => {
  test.each(rows)("[HOOK5] %j is %s", (activity, text, effect, delayMs) => {
    expect(planWebhook(everything, activity)).toMatchObject({
      effect,
      delayMs,
      channel: activity.channel,
      event: {
        text,
        targets: ["1001 http://a/"],
      },
    });
  });

  test("an arrival carries the departure that takes it back, about the same subject", () => {
    const arrival = planWebhook(everything, { app, kind: "member-added", channel: room, userId: "a b" });
    const departure = planWebhook(everything, { app, kind: "member-removed", channel: room, userId: "a b" });
    expect(arrival?.opposite).toEqual(departure?.event);
    expect(arrival?.subject).toBe(departure?.subject);
  });

  test("subjects of different things differ", () => {
    const subjects = [
      planWebhook(everything, { app, kind: "occupied", channel: orders }),
      planWebhook(everything, { app, kind: "cache-miss", socketId: "1.2" as SocketId, channel: orders }),
      planWebhook(everything, { app, kind: "subscription-count", channel: orders, count: 1 }),
      planWebhook(everything, { app, kind: "member-added", channel: orders, userId: "" }),
      planWebhook(everything, { app: "1002" as AppId, kind: "occupied", channel: orders }),
    ].map((offer) => offer?.subject);
    expect(new Set(subjects).size).toBe(5);
  });

  test("[HOOK6] each target gets the events and channels that it chose", () => {
    const targets = [
      target("http://a/", { events: ["channel_vacated"] }),
      target("http://b/", { channels: { prefix: "ord", suffix: "ers" } }),
      target("http://c/", { channels: { prefix: "private-", suffix: "" } }),
      target("http://d/", { channels: { prefix: "", suffix: "-eu" } }),
    ];
    const occupied = planWebhook(targets, { app, kind: "occupied", channel: orders });
    expect(occupied?.event.targets).toEqual(["1001 http://b/"]);
    expect(occupied?.opposite?.targets).toEqual(["1001 http://a/", "1001 http://b/"]);
    expect(planWebhook(targets.slice(2), { app, kind: "occupied", channel: orders })).toBeUndefined();
    expect(planWebhook([], { app, kind: "occupied", channel: orders })).toBeUndefined();
  });

  test("[HOOK5] counts of presence channels are not reported", () => {
    expect(planWebhook(everything, { app, kind: "subscription-count", channel: room, count: 1 })).toBeUndefined();
  });

  test("[HOOK6] server-to-user channels are not reported", () => {
    const channel = "#server-to-user-1" as ChannelName;
    expect(planWebhook(everything, { app, kind: "occupied", channel })).toBeUndefined();
  });
});
