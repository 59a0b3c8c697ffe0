import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeClientMessage, parseClientMessage, type ClientMessage } from "./client-message.ts";
import { parseChannelName } from "./channel-name.ts";
import { parseEventName } from "./event-name.ts";

function wire(event: unknown, fields: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ event, ...fields });
}

/** What a message with these fields becomes, or why it is refused. */
function parse(event: string, fields: Readonly<Record<string, unknown>>): unknown {
  const parsed = parseClientMessage(wire(event, fields));
  return parsed.ok ? parsed.value : parsed.error.message;
}

const recover = parse.bind(undefined, "sealcast:recover");
const report = parse.bind(undefined, "sealcast:decryption-error");

describe("client message", () => {
  test.each([
    ["[LIVE1] ping", wire("pusher:ping", { data: {} }), { kind: "ping" }],
    ["[FRAME3] ping without data", wire("pusher:ping"), { kind: "ping" }],
    ["[FRAME3] pong with anything", wire("pusher:pong", { data: "{" }), { kind: "pong" }],
    [
      "[SUB1] subscription as pusher-js sends it",
      '{"event":"pusher:subscribe","data":{"auth":"","channel":"pub"}}',
      { kind: "subscribe", channel: "pub", auth: "", channelData: undefined },
    ],
    [
      "[FRAME3] subscription without auth",
      wire("pusher:subscribe", { data: { channel: "pub" } }),
      { kind: "subscribe", channel: "pub", auth: undefined, channelData: undefined },
    ],
    [
      "[FRAME3] subscription with nulls",
      wire("pusher:subscribe", { data: { channel: "pub", auth: null, channel_data: null } }),
      { kind: "subscribe", channel: "pub", auth: undefined, channelData: undefined },
    ],
    [
      "[FRAME3] subscription with data as a string",
      wire("pusher:subscribe", { data: '{"channel":"presence-a","auth":"k:s","channel_data":"{}"}' }),
      { kind: "subscribe", channel: "presence-a", auth: "k:s", channelData: "{}" },
    ],
    [
      "[FRAME3] unsubscription with unknown fields",
      wire("pusher:unsubscribe", { data: { channel: "pub", more: 1 }, channel: "other", more: 1 }),
      { kind: "unsubscribe", channel: "pub" },
    ],
    [
      "[USER1] sign-in",
      wire("pusher:signin", { data: { auth: "k:s", user_data: '{"id":"1"}' } }),
      { kind: "signin", auth: "k:s", userData: '{"id":"1"}' },
    ],
    [
      "[CLIENT5] client event with a string",
      wire("client-a", { channel: "private-a", data: '{"x":1}' }),
      { kind: "client-event", event: "client-a", channel: "private-a", data: '{"x":1}' },
    ],
    [
      "[CLIENT5] client event with an object",
      '{"event":"client-a","channel":"private-a","data":{"x":1,"__proto__":2}}',
      { kind: "client-event", event: "client-a", channel: "private-a", data: '{"x":1,"__proto__":2}' },
    ],
    [
      "[CLIENT5] client event without data",
      wire("client-a", { channel: "private-a" }),
      { kind: "client-event", event: "client-a", channel: "private-a", data: "null" },
    ],
    [
      "[CLIENT6] client event that names a user",
      wire("client-a", { channel: "presence-a", data: 1, user_id: "admin" }),
      { kind: "client-event", event: "client-a", channel: "presence-a", data: "1" },
    ],
  ])("%s", (_, text, value) => {
    expect(parseClientMessage(text)).toEqual({ ok: true, value });
  });

  test.each([
    ["", "malformedMessage"],
    ["{", "malformedMessage"],
    ["null", "malformedMessage"],
    ["7", "malformedMessage"],
    ['"pusher:ping"', "malformedMessage"],
    ['["pusher:ping"]', "malformedMessage"],
    ["{}", "malformedMessage"],
    [wire(null), "malformedMessage"],
    [wire(["pusher:ping"]), "malformedMessage"],
    ['{"__proto__":{"event":"pusher:ping"}}', "malformedMessage"],
    [wire("pusher:signin"), "malformedMessage"],
    [wire("pusher:signin", { data: { auth: "k:s", user_data: { id: "1" } } }), "malformedMessage"],
    [wire("pusher:subscribe", { data: { channel: "private-a", auth: 7 } }), "malformedMessage"],
    [wire("pusher:subscribe", { data: { channel: "presence-a", channel_data: {} } }), "malformedMessage"],
    [wire("pusher:subscribe"), "invalidChannelName"],
    [wire("pusher:subscribe", { data: "{" }), "invalidChannelName"],
    [wire("pusher:subscribe", { data: ["a"] }), "invalidChannelName"],
    [wire("pusher:subscribe", { data: { channel: "a b" } }), "invalidChannelName"],
    [wire("pusher:subscribe", { data: { channel: "a".repeat(165) } }), "invalidChannelName"],
    [wire("pusher:unsubscribe", { data: { channel: {} } }), "invalidChannelName"],
    [wire("client-a"), "invalidChannelName"],
    [wire("client-a", { channel: ["private-a"] }), "invalidChannelName"],
    [wire(`client-${"a".repeat(200)}`, { channel: "private-a" }), "invalidEventName"],
    [wire("pusher:connection_established"), "unsupportedEvent"],
    [wire("pusher_internal:member_added", { channel: "presence-a" }), "unsupportedEvent"],
    [wire("anything"), "unsupportedEvent"],
    [wire(""), "unsupportedEvent"],
    [wire("__proto__"), "unsupportedEvent"],
  ])("[FRAME2] refuses %s", (text, id) => {
    expect(parseClientMessage(text)).toMatchObject({ ok: false, error: { id } });
  });

  test("[FRAME4] names an unsupported event as the official service does", () => {
    expect(parseClientMessage(wire("pusher:dance"))).toMatchObject({
      error: { message: "Unsupported event received on socket: pusher:dance" },
    });
    const long = parseClientMessage(wire("x".repeat(100_000)));
    expect(long.ok || long.error.message.length).toBeLessThan(300);
  });

  test.each([
    ["a b", "a b"],
    ["a".repeat(200), "a".repeat(200)],
    ["a".repeat(201), undefined],
    [7, undefined],
  ])("[SUB12] a refused subscription to %j names the channel if it can be one", (channel, named) => {
    const parsed = parseClientMessage(wire("pusher:subscribe", { data: { channel } }));
    expect(parsed.ok || parsed.error.channel).toBe(named);
  });

  test.each([512, 100_000])("[FRAME8] a client event that is nested %i levels deep is refused", (depth) => {
    const deep = `${"[".repeat(depth)}${"]".repeat(depth)}`;
    const text = `{"event":"client-a","channel":"private-a","data":${deep}}`;
    expect(parseClientMessage(text)).toMatchObject({ ok: false, error: { id: "malformedMessage" } });
    expect(parseClientMessage(`{"event":"pusher:ping","data":${deep}}`).ok).toBe(false);
    expect(parseClientMessage(deep).ok).toBe(false);
  });

  test.each([
    ["1.10", "1.10"],
    ["1e400", "1e400"],
    ["12345678901234567890", "12345678901234567890"],
    [' { "a" : 1.0 } ', '{ "a" : 1.0 }'],
    ['"1.10"', "1.10"],
    ["null", "null"],
  ])("[FRAME10] [CLIENT5] data %s of a client event is passed on as %s", (data, passedOn) => {
    const text = `{"event":"client-a","data":${data},"channel":"private-a"}`;
    expect(parseClientMessage(text)).toMatchObject({ ok: true, value: { data: passedOn } });
  });

  const channelName = fc.stringMatching(/^(private-|presence-cache-)?[\w=@,.;-]{1,20}$/).map((name) => {
    const channel = parseChannelName(name);
    if (!channel.ok) throw new Error(channel.error.message);
    return channel.value;
  });
  const clientEvent = fc.string({ maxLength: 20 }).map((suffix) => {
    const event = parseEventName(`client-${suffix}`);
    if (!event.ok) throw new Error(event.error.message);
    return event.value;
  });
  const optionalText = fc.option(fc.string(), { nil: undefined });
  const anyMessage: fc.Arbitrary<ClientMessage> = fc.oneof(
    fc.constantFrom<ClientMessage>({ kind: "ping" }, { kind: "pong" }),
    fc.record({
      kind: fc.constant("subscribe"),
      channel: channelName,
      auth: optionalText,
      channelData: optionalText,
    } as const),
    fc.record({ kind: fc.constant("unsubscribe"), channel: channelName } as const),
    fc.record({ kind: fc.constant("signin"), auth: fc.string(), userData: fc.string() } as const),
    fc.record({
      kind: fc.constant("client-event"),
      event: clientEvent,
      channel: channelName,
      data: fc.string({ unit: "binary" }),
    } as const),
  );

  test("[FRAME2] parses every message that it encodes", () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        expect(parseClientMessage(encodeClientMessage(message))).toEqual({ ok: true, value: message });
      }),
      { numRuns: 500 },
    );
  });

  test("[FRAME8] any text, and any JSON as any field, is a message or a problem", () => {
    const ours = ["sealcast:recover", "sealcast:decryption-error"];
    const events = ["pusher:subscribe", "pusher:unsubscribe", "pusher:signin", "pusher:ping", ...ours, "client-a", "x"];
    const data = fc.oneof(
      fc.jsonValue(),
      fc.json(),
      fc.record(
        { channel: fc.jsonValue(), auth: fc.jsonValue(), channel_data: fc.jsonValue(), user_data: fc.jsonValue() },
        { requiredKeys: [] },
      ),
    );
    const frame = fc
      .record(
        { event: fc.oneof(fc.constantFrom(...events), fc.jsonValue()), channel: fc.jsonValue(), data },
        { requiredKeys: [] },
      )
      .map((value) => JSON.stringify(value));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), frame), (text) => {
        const parsed = parseClientMessage(text);
        expect(parsed.ok || parsed.error.message !== "").toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("[REC1] a request to recover", () => {
  const expected = { kind: "recover", channel: "kept" };
  test.each([
    [{ channel: "kept" }, { ...expected, after: undefined }],
    [
      { channel: "kept", data: {} },
      { ...expected, after: undefined },
    ],
    [
      { channel: "kept", data: "not JSON" },
      { ...expected, after: undefined },
    ],
    [
      { channel: "kept", data: { epoch: "e", offset: 0 } },
      { ...expected, after: { epoch: "e", offset: 0 } },
    ],
    [
      { channel: "kept", data: '{"epoch":"e","offset":7}' },
      { ...expected, after: { epoch: "e", offset: 7 } },
    ],
    [
      { channel: "kept", data: { epoch: "x".repeat(100), offset: 1 } },
      { ...expected, after: { epoch: "x".repeat(100), offset: 1 } },
    ],
  ])("%j becomes %j", (fields, value) => {
    expect(recover(fields)).toEqual(value);
  });

  const epoch = "Malformed message: expected epoch to be a string";
  const offset = "Malformed message: expected offset to be a whole number";
  test.each([
    [{ offset: 1 }, epoch],
    [{ epoch: 1, offset: 1 }, epoch],
    [{ epoch: "", offset: 1 }, epoch],
    [{ epoch: "x".repeat(101), offset: 1 }, epoch],
    [{ epoch: "e" }, offset],
    [{ epoch: "e", offset: "1" }, offset],
    [{ epoch: "e", offset: -1 }, offset],
    [{ epoch: "e", offset: 0.5 }, offset],
    [{ epoch: "e", offset: 2 ** 53 }, offset],
  ])("with the position %j is refused: %s", (data, message) => {
    expect(recover({ channel: "kept", data })).toBe(message);
  });

  test("without a channel is refused, and encoding it is the reverse of parsing", () => {
    expect(recover({ data: {} })).toMatch("Invalid channel name");
    for (const text of [
      '{"event":"sealcast:recover","channel":"kept","data":{"epoch":"e","offset":7}}',
      '{"event":"sealcast:recover","channel":"kept","data":{}}',
    ]) {
      const parsed = parseClientMessage(text);
      expect(parsed.ok && encodeClientMessage(parsed.value)).toBe(text);
    }
  });
});

describe("[ENC4] a report of a decryption error", () => {
  const channel = "private-encrypted-a";
  test("has the name of the event and the reason, and nothing else", () => {
    const data = { event: "paid", reason: "no-key", data: "plaintext", key: "secret" };
    const expected = { kind: "decryption-error", channel, event: "paid", reason: "no-key" };
    expect(report({ channel, data, plaintext: "x" })).toEqual(expected);
    expect(report({ channel, data: JSON.stringify(data) })).toEqual(expected);
  });

  const reason = "Malformed message: expected reason to be a word of at most 32 lower-case letters and hyphens";
  test.each([
    [{ channel, data: { event: "paid" } }, reason],
    [{ channel, data: { event: "paid", reason: "" } }, reason],
    [{ channel, data: { event: "paid", reason: "x".repeat(33) } }, reason],
    [{ channel, data: { event: "paid", reason: "<b>" } }, reason],
    [{ channel, data: { event: "paid", reason: ["no-key"] } }, reason],
    [{ channel, data: { event: "x".repeat(201), reason: "no-key" } }, /^Invalid event name/],
    [{ channel, data: { reason: "no-key" } }, /^Invalid event name/],
    [{ data: { event: "paid", reason: "no-key" } }, /^Invalid channel name/],
  ])("%j is refused: %s", (fields, message) => {
    expect(report(fields)).toMatch(message);
  });

  test("encoding it is the reverse of parsing", () => {
    const text =
      '{"event":"sealcast:decryption-error","channel":"private-encrypted-a","data":{"event":"paid","reason":"no-key"}}';
    const parsed = parseClientMessage(text);
    expect(parsed.ok && encodeClientMessage(parsed.value)).toBe(text);
  });
});
