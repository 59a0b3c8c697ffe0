import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeChannelEvent, encodeServerMessage, parseServerFrame, type ServerMessage } from "./server-message.ts";

// The frames are those that the official libraries were seen to need.
const rows: readonly (readonly [string, ServerMessage, string])[] = [
  [
    "[CONN4]",
    { kind: "connection-established", socketId: "123.456", activityTimeoutSeconds: 120, recovery: false },
    '{"event":"pusher:connection_established","data":"{\\"socket_id\\":\\"123.456\\",\\"activity_timeout\\":120}"}',
  ],
  [
    "[FRAME1] the only object:",
    { kind: "error", message: 'No "a"', code: null },
    '{"event":"pusher:error","data":{"message":"No \\"a\\"","code":null}}',
  ],
  [
    "[CLIENT7]",
    { kind: "error", message: "Slow down", code: 4301 },
    '{"event":"pusher:error","data":{"message":"Slow down","code":4301}}',
  ],
  ["[LIVE2]", { kind: "ping" }, '{"event":"pusher:ping","data":"{}"}'],
  ["[LIVE1]", { kind: "pong" }, '{"event":"pusher:pong","data":"{}"}'],
  [
    "[USER1]",
    { kind: "signin-success", userData: '{"id":"12345"}' },
    '{"event":"pusher:signin_success","data":"{\\"user_data\\":\\"{\\\\\\"id\\\\\\":\\\\\\"12345\\\\\\"}\\"}"}',
  ],
  [
    "[SUB1]",
    { kind: "subscription-succeeded", channel: "pub", roster: undefined },
    '{"event":"pusher_internal:subscription_succeeded","channel":"pub","data":"{}"}',
  ],
  [
    "[PRES1]",
    {
      kind: "subscription-succeeded",
      channel: "presence-r",
      roster: [
        { userId: "u1", userInfo: '{"name":"Ada"}' },
        { userId: "u2", userInfo: undefined },
      ],
    },
    '{"event":"pusher_internal:subscription_succeeded","channel":"presence-r","data":"{\\"presence\\":{\\"ids\\":[\\"u1\\",\\"u2\\"],\\"hash\\":{\\"u1\\":{\\"name\\":\\"Ada\\"},\\"u2\\":null},\\"count\\":2}}"}',
  ],
  [
    "[SUB5]",
    { kind: "subscription-error", channel: "private-a", type: "AuthError", error: "No", status: 401 },
    '{"event":"pusher:subscription_error","channel":"private-a","data":"{\\"type\\":\\"AuthError\\",\\"error\\":\\"No\\",\\"status\\":401}"}',
  ],
  [
    "[PRES2]",
    { kind: "member-added", channel: "presence-r", userId: "u1", userInfo: '{"name":"Ada"}' },
    '{"event":"pusher_internal:member_added","channel":"presence-r","data":"{\\"user_id\\":\\"u1\\",\\"user_info\\":{\\"name\\":\\"Ada\\"}}"}',
  ],
  [
    "[PRES2] without info:",
    { kind: "member-added", channel: "presence-r", userId: 'u"', userInfo: undefined },
    '{"event":"pusher_internal:member_added","channel":"presence-r","data":"{\\"user_id\\":\\"u\\\\\\"\\"}"}',
  ],
  [
    "[PRES4]",
    { kind: "member-removed", channel: "presence-r", userId: "u1" },
    '{"event":"pusher_internal:member_removed","channel":"presence-r","data":"{\\"user_id\\":\\"u1\\"}"}',
  ],
  [
    "[COUNT1]",
    { kind: "subscription-count", channel: "pub", count: 5 },
    '{"event":"pusher_internal:subscription_count","channel":"pub","data":"{\\"subscription_count\\":5}"}',
  ],
  [
    "[CACHE2]",
    { kind: "cache-miss", channel: "cache-x" },
    '{"event":"pusher:cache_miss","channel":"cache-x","data":"{}"}',
  ],
  [
    "[WATCH1]",
    {
      kind: "watchlist-events",
      events: [
        { name: "offline", userIds: ["3"] },
        { name: "online", userIds: ["2"] },
      ],
    },
    '{"event":"pusher_internal:watchlist_events","data":"{\\"events\\":[{\\"name\\":\\"offline\\",\\"user_ids\\":[\\"3\\"]},{\\"name\\":\\"online\\",\\"user_ids\\":[\\"2\\"]}]}"}',
  ],
  [
    "[EVENT1]",
    { kind: "channel-event", event: "new-price", channel: "market", data: '{"p":1}', userId: undefined },
    '{"event":"new-price","channel":"market","data":"{\\"p\\":1}"}',
  ],
  [
    "[CLIENT6]",
    { kind: "channel-event", event: "client-move", channel: "presence-r", data: "text", userId: "u1" },
    '{"event":"client-move","channel":"presence-r","data":"text","user_id":"u1"}',
  ],
];

describe("server message", () => {
  test.each(rows)("%s %j", (_, message, wire) => {
    expect(encodeServerMessage(message)).toBe(wire);
  });

  test.each(rows)(
    "[FRAME1] %s data is a string in every event except pusher:error, and never missing",
    (_, message) => {
      const frame = parseServerFrame(encodeServerMessage(message));
      expect(frame.ok && typeof frame.value.data).toBe(message.kind === "error" ? "object" : "string");
    },
  );

  test("[PRES1] members whose ids are names of object internals are ordinary members", () => {
    const ids = ["__proto__", "constructor", "1", "10", 'a"b'];
    const roster = ids.map((userId) => ({ userId, userInfo: JSON.stringify({ of: userId }) }));
    const frame = parseServerFrame(
      encodeServerMessage({ kind: "subscription-succeeded", channel: "presence-r", roster }),
    );
    const data = JSON.parse(String(frame.ok && frame.value.data)) as { presence: { ids: string[]; hash: object } };
    expect(data.presence.ids).toEqual(ids);
    expect(new Set(Object.keys(data.presence.hash))).toEqual(new Set(ids));
  });

  test("[EVENT1] any data of an event arrives unchanged", () => {
    const text = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(text, text, text, fc.option(text, { nil: undefined }), (event, channel, data, userId) => {
        expect(parseServerFrame(encodeChannelEvent(event, channel, data, userId))).toEqual({
          ok: true,
          value: { event, channel, data, userId },
        });
      }),
    );
  });

  test.each([[""], ["null"], ["[]"], ["{}"], ['{"event":7}'], ['{"data":"{}"}'], ['{"__proto__":{"event":"a"}}']])(
    "[FRAME2] refuses %j as a message of a server",
    (text) => {
      expect(parseServerFrame(text)).toMatchObject({ ok: false, error: { id: "malformedMessage" } });
    },
  );

  test("[FRAME8] any text is a frame or a problem; fields of the wrong type are ignored", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(typeof parseServerFrame(text).ok).toBe("boolean");
      }),
    );
    expect(parseServerFrame('{"event":"a","channel":7,"user_id":{}}')).toEqual({
      ok: true,
      value: { event: "a", channel: undefined, data: undefined, userId: undefined },
    });
  });
});
