import { deriveChannelKey, decodeBase64, encodeUtf8, sealPayload, sign } from "@sealcast/crypto";
import { encodeWebhook, type WebhookEvent } from "@sealcast/protocol";
import { describe, expect, test } from "vitest";
import type { OpenedWebhook, WebhookRequest, WebhookTrust } from "./open-webhook.ts";
import { fakeSealcast, masterKey } from "./testing/fake-sealcast.ts";

const nowMs = 1_700_000_000_000;
const channel = "private-encrypted-a";
const sealed = (letter: string): string =>
  sealPayload(
    deriveChannelKey(decodeBase64(masterKey(letter)) ?? new Uint8Array(), channel),
    new Uint8Array(24).fill(1),
    '{"on":true}',
  );
const clientEvent = (name: string, data: string): WebhookEvent => ({
  name: "client_event",
  channel: name,
  event: "client-typing",
  data,
  socketId: "1.2",
  userId: undefined,
});
const body = encodeWebhook({ timeMs: nowMs, events: [{ name: "channel_occupied", channel: "a" }] });

function requestOf(text: string, change: Record<string, string> = {}, secret = "app-secret"): WebhookRequest {
  return {
    rawBody: text,
    headers: {
      "X-Pusher-Key": "app-key",
      "X-Pusher-Signature": sign(secret, text),
      "Content-Type": "application/json",
      ...change,
    },
  };
}
const open = (request: WebhookRequest, trust?: WebhookTrust): OpenedWebhook =>
  fakeSealcast({
    encryption: { ring: [{ key: masterKey("a") }, { key: masterKey("b"), from: nowMs + 5_000 }] },
  }).sealcast.webhook(request, trust);

describe("webhook", () => {
  test.each([
    ["headers as an object", requestOf(body)],
    [
      "headers in lower case, as lists",
      {
        rawBody: body,
        headers: Object.fromEntries(
          Object.entries(requestOf(body).headers).map(([name, value]) => [name.toLowerCase(), [String(value)]]),
        ),
      },
    ],
    ["Headers", { rawBody: body, headers: new Headers(requestOf(body).headers as Record<string, string>) }],
    ["bytes", { ...requestOf(body), rawBody: encodeUtf8(body) }],
    ["a charset", requestOf(body, { "Content-Type": "application/json; charset=utf-8" })],
  ])("is read from %s", (_, request) => {
    expect(open(request)).toEqual({
      deliveryId: undefined,
      time: new Date(nowMs),
      events: [{ name: "channel_occupied", channel: "a" }],
    });
  });

  test.each([
    ["webhook-key", "another key", requestOf(body, { "X-Pusher-Key": "other" }), {}],
    ["webhook-key", "no key", { rawBody: body, headers: {} }, {}],
    ["webhook-signature", "another secret", requestOf(body, {}, "other"), {}],
    ["webhook-signature", "another body", { ...requestOf(body), rawBody: `${body} ` }, {}],
    ["webhook-signature", "no signature", requestOf(body, { "X-Pusher-Signature": "" }), {}],
    [
      "webhook-signature",
      "an extra token of the same key with another secret",
      requestOf(body, {}, "x"),
      { extraTokens: [{ key: "app-key", secret: "y" }] },
    ],
    ["webhook-malformed", "another content type", requestOf(body, { "Content-Type": "text/plain" }), {}],
    ["webhook-malformed", "a body that is no JSON", requestOf("nope"), {}],
    ["webhook-stale", "an old one", requestOf(encodeWebhook({ timeMs: nowMs - 600_001, events: [] })), {}],
    ["webhook-stale", "one from the future", requestOf(encodeWebhook({ timeMs: nowMs + 600_001, events: [] })), {}],
    [
      "webhook-stale",
      "one older than wanted",
      requestOf(encodeWebhook({ timeMs: nowMs - 1_001, events: [] })),
      { maxAgeMs: 1_000 },
    ],
  ])("fails with %s for %s", (code, _, request, trust) => {
    expect(() => open(request, trust)).toThrow(expect.objectContaining({ code }) as Error);
  });

  test.each([[requestOf(body, { "X-Pusher-Key": "new-key" }, "new-secret")], [requestOf(body, {}, "second-secret")]])(
    "is believed for any live key and secret %#",
    (request) => {
      const extraTokens = [
        { key: "new-key", secret: "new-secret" },
        { key: "app-key", secret: "second-secret" },
      ];
      expect(open(request, { extraTokens }).events).toHaveLength(1);
    },
  );

  test.each([
    ["private-a", "text", { data: "text", encryption: "none" }],
    [channel, sealed("a"), { data: '{"on":true}', encryption: "opened" }],
    [channel, sealed("b"), { data: '{"on":true}', encryption: "opened" }],
    [channel, sealed("c"), { data: sealed("c"), encryption: "unreadable" }],
    [channel, "plain", { data: "plain", encryption: "unreadable" }],
  ])("[R7] opens client events on %s %#", (name, data, expected) => {
    const [event] = open(requestOf(encodeWebhook({ timeMs: nowMs, events: [clientEvent(name, data)] }))).events;
    expect(event).toMatchObject(expected);
  });
});
