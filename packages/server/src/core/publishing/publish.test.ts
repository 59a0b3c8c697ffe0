import { channelKinds, type ErrorId } from "@sealcast/protocol";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { testApp } from "@sealcast/server-testing";
import { oneTurn } from "../turns.ts";
import { parseBatch, parsePublish, statusOf, type PublishFields } from "./publish.ts";

const app = testApp();
const sealed = JSON.stringify({
  nonce: Buffer.alloc(24, 1).toString("base64"),
  ciphertext: Buffer.alloc(16, 2).toString("base64"),
});
const good: PublishFields = { name: "new-price", data: "1", channel: "market" };

function names(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `channel-${index}`);
}

describe("an event to publish", () => {
  test.each<[title: string, fields: PublishFields, request: Record<string, unknown>]>([
    ["[HTTP1] one channel", good, { event: "new-price", data: "1", channels: ["market"], except: undefined, info: [] }],
    ["[HTTP1] several channels", { ...good, channels: ["a", "b"] }, { channels: ["a", "b"] }],
    ["[HTTP1] a name given twice", { ...good, channels: ["a", "b", "a"] }, { channels: ["a", "b"] }],
    ["[HTTP1] 100 names given twice", { ...good, channels: [...names(100), ...names(100)] }, { channels: names(100) }],
    ["[HTTP1] 100 channels", { ...good, channels: names(100) }, { channels: names(100) }],
    ["[HTTP1] null as channels", { ...good, channels: null }, { channels: ["market"] }],
    ["[EVENT3] a socket id", { ...good, socket_id: "1234.5678" }, { except: "1234.5678" }],
    ["[EVENT3] null as socket id", { ...good, socket_id: null }, { except: undefined }],
    [
      "[HTTP3] info",
      { ...good, info: "user_count,subscription_count" },
      { info: ["user_count", "subscription_count"] },
    ],
    ["[NAME3] a class name", { ...good, name: "App\\Events\\Møte: x" }, { event: "App\\Events\\Møte: x" }],
    ["[NAME3] a client event's name", { ...good, name: "client-x" }, { event: "client-x" }],
    ["[NAME3] the longest name", { ...good, name: "n".repeat(200) }, { event: "n".repeat(200) }],
    ["[EVENT1] empty data", { ...good, data: "" }, { data: "" }],
    ["[HTTP14] the largest data", { ...good, data: "x".repeat(10_240) }, { data: "x".repeat(10_240) }],
    ["[ENC1] an encrypted payload", { ...good, channel: "private-encrypted-a", data: sealed }, { data: sealed }],
    [
      "[NAME2] a server-to-user channel",
      { ...good, channel: "#server-to-user-1" },
      { channels: ["#server-to-user-1"] },
    ],
    [
      "[FRAME8] a member of objects as name",
      { ...good, channel: "__proto__", name: "constructor" },
      { channels: ["__proto__"], event: "constructor" },
    ],
  ])("%s is taken", (_, fields, request) => {
    expect(parsePublish(app, fields)).toMatchObject({ ok: true, value: request });
  });

  test.each<[title: string, fields: PublishFields, status: number, id: ErrorId, message: RegExp]>([
    ["no channel", { name: "a", data: "1" }, 400, "missingParameter", /^Missing required parameter: channel$/],
    [
      "an empty list of channels",
      { ...good, channels: [] },
      400,
      "missingParameter",
      /^Missing required parameter: channel$/,
    ],
    ["no name", { data: "1", channel: "a" }, 400, "missingParameter", /^Missing required parameter: name$/],
    ["no data", { name: "a", channel: "a" }, 400, "missingParameter", /^Missing required parameter: data$/],
    ["channels as text", { ...good, channels: "a" }, 400, "invalidParameter", /^Invalid channels: .* got "a"$/],
    ["101 channels", { ...good, channels: names(101) }, 400, "tooManyChannels", /^Too many channels \(101 > 100\)$/],
    ["null as channel", { ...good, channel: null }, 400, "invalidChannelName", /expected a string/],
    ["a number as channel", { ...good, channel: 1 }, 400, "invalidChannelName", /expected a string/],
    ["an empty channel", { ...good, channel: "" }, 400, "invalidChannelName", /empty/],
    ["a bad character", { ...good, channel: "a:b" }, 400, "invalidChannelName", /"a:b"/],
    ["a long channel", { ...good, channel: "a".repeat(165) }, 400, "invalidChannelName", /164/],
    ["one bad channel of many", { ...good, channels: ["a", "b c"] }, 400, "invalidChannelName", /"b c"/],
    ["a list as name", { ...good, name: ["a"] }, 400, "invalidEventName", /an array/],
    ["an empty name", { ...good, name: "" }, 400, "invalidEventName", /1 to 200/],
    ["a long name", { ...good, name: "n".repeat(201) }, 400, "invalidEventName", /1 to 200/],
    ["a name of the service", { ...good, name: "pusher:error" }, 400, "reservedEventName", /"pusher:error"/],
    ["an internal name", { ...good, name: "pusher_internal:member_added" }, 400, "reservedEventName", /reserved/],
    [
      "an object as data",
      { ...good, data: { a: 1 } },
      400,
      "invalidParameter",
      /^Invalid data: expected a string, got an? object/,
    ],
    ["null as data", { ...good, data: null }, 400, "invalidParameter", /got null/],
    ["a bad socket id", { ...good, socket_id: "12" }, 400, "invalidSocketId", /"12"/],
    ["a number as socket id", { ...good, socket_id: 1.5 }, 400, "invalidSocketId", /a number/],
    ["unknown info", { ...good, info: "cache" }, 400, "invalidParameter", /"cache"/],
    [
      "plaintext on an encrypted channel",
      { ...good, channel: "private-encrypted-a" },
      400,
      "notEncrypted",
      /encrypted/,
    ],
    [
      "plaintext for an encrypted channel among others",
      { ...good, channels: ["a", "private-encrypted-cache-a"] },
      400,
      "notEncrypted",
      /encrypted/,
    ],
    [
      "too much data",
      { ...good, data: "x".repeat(10_241) },
      413,
      "dataTooLarge",
      /^The data content of this event exceeds the allowed maximum \(10240 bytes\)/,
    ],
    [
      "too many bytes",
      { ...good, data: "é".repeat(5_121) },
      413,
      "dataTooLarge",
      /10240 bytes\)\. It has 10242 bytes$/,
    ],
  ])("[HTTP13] [HTTP14] %s is refused", (_, fields, status, id, message) => {
    const parsed = parsePublish(app, fields);
    const problem = parsed.ok ? undefined : parsed.error;
    expect(problem?.id).toBe(id);
    expect(problem?.message).toMatch(message);
    expect(problem && statusOf(problem)).toBe(status);
  });

  test("[HTTP14] the app's own limits hold", () => {
    const larger = testApp({ maxEventBytes: 20_000, maxChannelNameLength: 200 });
    expect(parsePublish(larger, { ...good, data: "x".repeat(20_000), channel: "c".repeat(200) }).ok).toBe(true);
    expect(parsePublish(larger, { ...good, data: "x".repeat(20_001) })).toMatchObject({
      error: { id: "dataTooLarge" },
    });
  });

  test.each(channelKinds.filter(({ encryption }) => encryption === "sealed").map(({ prefix }) => prefix))(
    "[SEAL1] plaintext on %s* is refused if the app requires envelopes",
    (prefix) => {
      const fields = { ...good, channel: `${prefix}a`, data: '{"top":"secret"}' };
      const strict = parsePublish(testApp({ requireSealed: true }), fields);
      expect(strict).toMatchObject({ error: { id: "notSealed" } });
      expect(JSON.stringify(strict)).not.toContain("secret");
      expect(parsePublish(app, fields).ok).toBe(true);
      const envelope = Buffer.concat([Buffer.from([2, 1]), Buffer.alloc(80)]).toString("base64url");
      const data = JSON.stringify({ sealed: envelope });
      expect(parsePublish(testApp({ requireSealed: true }), { ...fields, data }).ok).toBe(true);
    },
  );

  test.each(channelKinds.filter(({ encryption }) => encryption === "nacl-secretbox").map(({ prefix }) => prefix))(
    "[ENC1] plaintext on %s* is refused",
    (prefix) => {
      const fields = { ...good, channel: `${prefix}a`, data: '{"top":"secret"}' };
      const parsed = parsePublish(app, fields);
      expect(parsed).toMatchObject({ error: { id: "notEncrypted" } });
      expect(JSON.stringify(parsed)).not.toContain("secret");
    },
  );

  test("[FRAME8] whatever the fields are, the answer is a value or a refusal", () => {
    const field = fc.oneof(
      fc.anything(),
      fc.constantFrom("a", "1.2", sealed, "private-encrypted-a"),
      fc.array(fc.string()),
    );
    fc.assert(
      fc.property(
        fc.record(
          { name: field, data: field, channel: field, channels: field, socket_id: field, info: field },
          { requiredKeys: [] },
        ),
        (fields) => {
          const parsed = parsePublish(app, fields);
          expect(parsed.ok ? parsed.value.channels.length > 0 : statusOf(parsed.error) >= 400).toBe(true);
        },
      ),
    );
  });
});

function parse(batch: unknown): Awaited<ReturnType<typeof parseBatch>> {
  const parsed = parseBatch(app, batch, oneTurn);
  if (parsed instanceof Promise) throw new TypeError("Expected an outcome, got a promise");
  return parsed;
}

describe("a batch to publish", () => {
  test("[HTTP2] 10 events are taken, each with its one channel", () => {
    const batch = names(10).map((channel) => ({ ...good, channel, channels: ["ignored"] }));
    const parsed = parse(batch);
    expect(parsed.ok ? parsed.value.map(({ channels }) => channels) : parsed.error).toEqual(
      names(10).map((name) => [name]),
    );
  });

  test.each<[title: string, batch: unknown, id: ErrorId, message: string]>([
    ["nothing", undefined, "missingParameter", "Missing required parameter: batch"],
    ["no event", [], "missingParameter", "Missing required parameter: batch"],
    ["an object", {}, "invalidParameter", "Invalid batch: expected an array, got an object"],
    ["11 events", names(11), "batchTooLarge", "Batch too large (11 > 10)"],
    [
      "text as event",
      ["a"],
      "invalidParameter",
      'Invalid batch: expected an object for each event, got "a" (event 1 of the batch)',
    ],
    [
      "null as event",
      [good, null],
      "invalidParameter",
      "Invalid batch: expected an object for each event, got null (event 2 of the batch)",
    ],
    [
      "an event without a channel",
      [good, { name: "a", data: "1" }],
      "missingParameter",
      "Missing required parameter: channel (event 2 of the batch)",
    ],
    [
      "an event without a name",
      [{ channel: "a", data: "1" }],
      "missingParameter",
      "Missing required parameter: name (event 1 of the batch)",
    ],
  ])("[HTTP2] [HTTP13] %s is refused", (_, batch, id, message) => {
    expect(parse(batch)).toEqual({ ok: false, error: { id, message } });
  });

  test("[HTTP14] one event with too much data refuses all", () => {
    const parsed = parse([good, { ...good, data: "x".repeat(10_241) }]);
    expect(parsed).toMatchObject({ ok: false, error: { id: "dataTooLarge" } });
  });
});
