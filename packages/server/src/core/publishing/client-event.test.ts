import { traitsOf, type ChannelName, type ErrorId, type EventName } from "@sealcast/protocol";
import { describe, expect, test } from "vitest";
import { testApp } from "@sealcast/server-testing";
import { decideClientEvent, type ClientEventFacts } from "./client-event.ts";

const sealed = JSON.stringify({
  nonce: Buffer.alloc(24, 1).toString("base64"),
  ciphertext: Buffer.alloc(17, 2).toString("base64"),
});

function decide(channel: string, facts: Partial<ClientEventFacts>): ReturnType<typeof decideClientEvent> {
  return decideClientEvent({
    app: testApp(),
    channel: channel as ChannelName,
    traits: traitsOf(channel),
    subscribed: true,
    withinRate: true,
    usedUp: undefined,
    event: "client-e" as EventName,
    data: "{}",
    ...facts,
  });
}

describe("deciding a client event", () => {
  test.each<[title: string, channel: string, facts: Partial<ClientEventFacts>]>([
    ["[CLIENT1] on a private channel", "private-a", {}],
    ["[CLIENT1] on a private cache channel", "private-cache-a", {}],
    ["[CLIENT1] on a presence channel", "presence-a", {}],
    ["[CLIENT1] on a presence cache channel", "presence-cache-a", {}],
    ["[CLIENT8] an encrypted payload", "private-encrypted-a", { data: sealed }],
    ["[CLIENT8] an encrypted payload on a cache channel", "private-encrypted-cache-a", { data: sealed }],
    ["[SEAL1] plain data on a sealed channel if the app does not require envelopes", "private-sealed-a", {}],
    ["[CLIENT9] the largest data", "private-a", { data: "x".repeat(10_240) }],
    ["[CLIENT5] empty data", "private-a", { data: "" }],
  ])("%s is relayed", (_, channel, facts) => {
    expect(decide(channel, facts)).toEqual({ ok: true, value: true });
  });

  test.each<[title: string, channel: string, facts: Partial<ClientEventFacts>, id: ErrorId]>([
    [
      "[CLIENT2] where the app has not turned them on",
      "private-a",
      { app: testApp({ clientEvents: false }) },
      "clientEventsDisabled",
    ],
    ["[CLIENT3] on a public channel", "pub", {}, "clientEventNotAllowed"],
    ["[CLIENT3] on a public channel that looks private", "my-private-a", {}, "clientEventNotAllowed"],
    ["[CLIENT3] on a cache channel", "cache-a", {}, "clientEventNotAllowed"],
    ["[CLIENT3] on a server-to-user channel", "#server-to-user-1", {}, "clientEventNotAllowed"],
    ["[CLIENT4] by a connection that is not subscribed", "private-a", { subscribed: false }, "notSubscribed"],
    ["[CLIENT7] above the rate", "private-a", { withinRate: false }, "clientEventRateLimited"],
    [
      "[CLIENT10] of an app that has used its messages of the day",
      "private-a",
      { usedUp: { message: "used", seconds: 60 } },
      "quotaExceeded",
    ],
    [
      "[SEAL1] plaintext on a sealed channel of an app that requires envelopes",
      "presence-sealed-a",
      { app: testApp({ requireSealed: true }) },
      "notSealed",
    ],
    ["[CLIENT9] with too much data", "private-a", { data: "x".repeat(10_241) }, "dataTooLarge"],
    ["[CLIENT9] with too many bytes", "private-a", { data: "é".repeat(5_121) }, "dataTooLarge"],
    ["[CLIENT8] plaintext on an encrypted channel", "private-encrypted-a", { data: '{"secret":1}' }, "notEncrypted"],
    [
      "[CLIENT8] plaintext beside a payload",
      "private-encrypted-a",
      { data: sealed.replace("}", ',"x":1}') },
      "notEncrypted",
    ],
  ])("%s is refused", (_, channel, facts, id) => {
    expect(decide(channel, facts)).toMatchObject({ ok: false, error: { id } });
  });

  test("[CLIENT4] the text is the official one", () => {
    expect(decide("private-a", { subscribed: false })).toMatchObject({
      error: { message: "Cannot broadcast client event (connection not subscribed to channel private-a)" },
    });
  });

  test.each([{ data: "top secret".repeat(2_000) }, { data: "top secret" }])(
    "[ERR2] [ENC2] no refusal repeats the data",
    (facts) => {
      const decision = decide("private-encrypted-a", facts);
      expect(decision.ok).toBe(false);
      expect(JSON.stringify(decision)).not.toContain("top secret");
    },
  );
});
