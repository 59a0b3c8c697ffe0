import { describe, expect, test } from "vitest";
import * as fc from "fast-check";
import { encodeWebhook, parseWebhook, webhookEventNames, type WebhookEvent } from "./webhook-event.ts";

const rows: readonly (readonly [string, WebhookEvent])[] = [
  ['{"name":"channel_occupied","channel":"my-channel"}', { name: "channel_occupied", channel: "my-channel" }],
  ['{"name":"channel_vacated","channel":"my-channel"}', { name: "channel_vacated", channel: "my-channel" }],
  ['{"name":"cache_miss","channel":"cache-prices"}', { name: "cache_miss", channel: "cache-prices" }],
  [
    '{"name":"member_added","channel":"presence-room","user_id":"12345"}',
    { name: "member_added", channel: "presence-room", userId: "12345" },
  ],
  [
    '{"name":"member_removed","channel":"presence-room","user_id":"12345"}',
    { name: "member_removed", channel: "presence-room", userId: "12345" },
  ],
  [
    '{"name":"client_event","channel":"presence-room","event":"client-typing","data":"{\\"on\\":true}","socket_id":"1234.1234","user_id":"12345"}',
    {
      name: "client_event",
      channel: "presence-room",
      event: "client-typing",
      data: '{"on":true}',
      socketId: "1234.1234",
      userId: "12345",
    },
  ],
  [
    '{"name":"client_event","channel":"private-room","event":"client-typing","data":"x","socket_id":"1.2"}',
    {
      name: "client_event",
      channel: "private-room",
      event: "client-typing",
      data: "x",
      socketId: "1.2",
      userId: undefined,
    },
  ],
  [
    '{"name":"subscription_count","channel":"my-channel","subscription_count":17}',
    { name: "subscription_count", channel: "my-channel", count: 17 },
  ],
];

describe("webhook", () => {
  test.each(rows)("%s", (wire, event) => {
    const body = `{"time_ms":1700000000000,"events":[${wire}]}`;
    const webhook = { timeMs: 1_700_000_000_000, events: [event] };
    expect(encodeWebhook(webhook)).toBe(body);
    expect(parseWebhook(body)).toEqual({ ok: true, value: webhook });
  });

  test("has a row above for every event name", () => {
    expect(new Set(rows.map(([, event]) => event.name))).toEqual(new Set(webhookEventNames));
  });

  test("leaves out events of a name that it does not know", () => {
    const body = '{"time_ms":1,"events":[{"name":"from_the_future"},{"name":"cache_miss","channel":"cache-a"}]}';
    expect(parseWebhook(body)).toMatchObject({ value: { events: [{ name: "cache_miss" }] } });
  });

  test.each([
    ["not json"],
    ["null"],
    ["[]"],
    ["{}"],
    ['{"time_ms":"1","events":[]}'],
    ['{"time_ms":1,"events":{}}'],
    ['{"time_ms":1,"events":[null]}'],
    ['{"time_ms":1,"events":[{"name":"channel_occupied"}]}'],
    ['{"time_ms":1,"events":[{"name":"member_added","channel":"presence-a","user_id":5}]}'],
    ['{"time_ms":1,"events":[{"name":"client_event","channel":"a","event":"client-b","data":{},"socket_id":"1.2"}]}'],
    [
      '{"time_ms":1,"events":[{"name":"client_event","channel":"a","event":"client-b","data":"","socket_id":"1.2","user_id":5}]}',
    ],
    ['{"time_ms":1,"events":[{"name":"subscription_count","channel":"a","subscription_count":"17"}]}'],
  ])("refuses %s", (body) => {
    expect(parseWebhook(body)).toMatchObject({ ok: false, error: { id: "malformedMessage" } });
  });

  test("answers any JSON without throwing", () => {
    fc.assert(
      fc.property(fc.json(), (body) => {
        expect(typeof parseWebhook(body).ok).toBe("boolean");
      }),
    );
  });
});
