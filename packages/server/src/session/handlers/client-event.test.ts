import { describe, expect, test } from "vitest";
import { startSocketless, testApp, type FakeClient, type SocketlessOptions } from "@sealcast/server-testing";

/** Two clients on one channel; what they got so far is taken. */
async function pairOn(
  channel: string,
  options: SocketlessOptions = {},
): Promise<{ sender: FakeClient; other: FakeClient; advance: (ms: number) => void }> {
  const { connect, clock } = await startSocketless(options);
  const [sender, other] = [connect(), connect()];
  for (const [index, client] of [sender, other].entries()) {
    client.subscribe(channel, channel.startsWith("presence-") ? `{"user_id":"u${index}"}` : undefined);
  }
  sender.take();
  other.take();
  return { sender, other, advance: (ms) => clock.advance(ms) };
}

describe("a client event", () => {
  test.each<[title: string, data: unknown, relayed: string]>([
    ["text as it is", '{"x": 1}', '{"x": 1}'],
    ["an object as JSON", { x: 1 }, '{"x":1}'],
    ["a number", 1, "1"],
    ["null", null, "null"],
    ["nothing as null", undefined, "null"],
    ["empty text", "", ""],
  ])("[CLIENT1] [CLIENT5] reaches the others: %s", async (_, data, relayed) => {
    const { sender, other } = await pairOn("private-a");
    sender.whisper("private-a", "client-x", data);
    expect(sender.take()).toEqual([]);
    expect(other.link.texts.at(-1)).toBe(JSON.stringify({ event: "client-x", channel: "private-a", data: relayed }));
  });

  test("[CLIENT6] on presence channels it names its sender, whatever the frame says", async () => {
    const { sender, other } = await pairOn("presence-a");
    sender.send({ event: "client-x", channel: "presence-a", data: "1", user_id: "u1" });
    expect(other.take()).toEqual([{ event: "client-x", channel: "presence-a", data: 1, user_id: "u0" }]);
  });

  test("[CLIENT7] above the rate it is dropped with 4301, and the connection stays", async () => {
    const { sender, other, advance } = await pairOn("private-a");
    for (let count = 0; count < 12; count += 1) sender.whisper("private-a", "client-x", count);
    expect(other.take()).toHaveLength(10);
    const error = { message: "Client event dropped: at most 10 per second are allowed", code: 4301 };
    expect(sender.take()).toEqual([
      { event: "pusher:error", data: error },
      { event: "pusher:error", data: error },
    ]);
    advance(1_000);
    sender.whisper("private-a", "client-x", "again");
    expect(other.take()).toHaveLength(1);
    expect(sender.closeCode).toBeUndefined();
  });

  test("[CLIENT7] each connection has its own rate", async () => {
    const { sender, other } = await pairOn("private-a", { apps: [testApp({ clientEventsPerSecond: 1 })] });
    sender.whisper("private-a", "client-x", 1);
    other.whisper("private-a", "client-x", 1);
    expect([sender.take(), other.take()].map((frames) => frames.map(({ event }) => event))).toEqual([
      ["client-x"],
      ["client-x"],
    ]);
  });

  test.each<[title: string, channel: string, event: string, message: RegExp]>([
    [
      "[CLIENT4] to a channel without a subscription",
      "private-b",
      "client-x",
      /\(connection not subscribed to channel private-b\)$/,
    ],
    ["[CLIENT3] to a public channel", "pub", "client-x", /only private and presence channels/],
    ["[NAME3] with a long name", "private-a", `client-${"x".repeat(200)}`, /^Invalid event name/],
    ["[NAME1] to a bad channel", "private-a b", "client-x", /^Invalid channel name/],
  ])("%s is refused", async (_, channel, event, message) => {
    const { sender, other } = await pairOn("private-a");
    sender.whisper(channel, event, 1);
    const [refusal] = sender.take();
    expect(refusal).toMatchObject({ event: "pusher:error", data: { code: null } });
    expect((refusal?.data as { message: string } | undefined)?.message).toMatch(message);
    expect(other.take()).toEqual([]);
  });

  test("[CLIENT2] where the app has not turned them on, it is refused", async () => {
    const { sender, other } = await pairOn("private-a", { apps: [testApp({ clientEvents: false })] });
    sender.whisper("private-a", "client-x", 1);
    expect(sender.take()).toEqual([
      { event: "pusher:error", data: { message: "Client events are not enabled for this app", code: null } },
    ]);
    expect(other.take()).toEqual([]);
  });

  test("[CLIENT8] [ENC2] on encrypted channels only an encrypted payload passes", async () => {
    const { sender, other } = await pairOn("private-encrypted-a");
    const sealed = {
      nonce: Buffer.alloc(24).toString("base64"),
      ciphertext: Buffer.alloc(16).toString("base64"),
    };
    sender.whisper("private-encrypted-a", "client-x", { text: "top secret" });
    sender.whisper("private-encrypted-a", "client-y", sealed);
    expect(JSON.stringify(sender.take())).not.toContain("top secret");
    expect(other.take()).toEqual([{ event: "client-y", channel: "private-encrypted-a", data: sealed }]);
  });

  test("[CLIENT4] after the unsubscription nothing is relayed", async () => {
    const { sender, other } = await pairOn("private-a", { apps: [testApp({ subscriptionCount: false })] });
    sender.unsubscribe("private-a");
    sender.whisper("private-a", "client-x", 1);
    expect(other.take()).toEqual([]);
  });
});
