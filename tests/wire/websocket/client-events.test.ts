import { FakeClock, startServer, testApp, type TestServer } from "@sealcast/server-testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { channelDataOf, encryptedPayload } from "../../fixtures/channels.ts";
import { otherApp } from "../../fixtures/other-app.ts";
import { RawClient } from "../../fixtures/raw-client.ts";

const clock = new FakeClock(Date.now());
let server: TestServer;
beforeAll(async () => {
  const quiet = otherApp("quiet", { clientEvents: false });
  server = await startServer({ apps: [testApp({ subscriptionCount: false }), quiet], ports: { clock } });
});
afterAll(() => server.close());

/** Two connections on one channel. */
async function pair(channel: string): Promise<[RawClient, RawClient]> {
  const [sender, receiver] = [await RawClient.connect(server.port), await RawClient.connect(server.port)];
  for (const [client, userId] of [
    [sender, "ada"],
    [receiver, "bob"],
  ] as const) {
    await client.subscribe(channel, channelDataOf(channel, userId));
  }
  await sender.settled();
  await receiver.settled();
  return [sender, receiver];
}

describe("client events", () => {
  test.each(["private-a", "private-cache-a", "presence-a", "presence-cache-a"])(
    "[CLIENT1] %s: reach the others and not the sender",
    async (channel) => {
      const [sender, receiver] = await pair(channel);
      sender.send({ event: "client-move", channel, data: { x: 1 } });
      const event = { event: "client-move", channel, data: '{"x":1}' };
      expect(await receiver.next("client-move")).toEqual(
        channel.startsWith("presence-") ? { ...event, user_id: "ada" } : event,
      );
      expect(await sender.settled()).toEqual([]);
      await Promise.all([sender.close(), receiver.close()]);
    },
  );

  test("[CLIENT6] a user_id in the frame is ignored", async () => {
    const [sender, receiver] = await pair("presence-stamped");
    sender.send({ event: "client-move", channel: "presence-stamped", data: "1", user_id: "admin" });
    expect((await receiver.next("client-move")).user_id).toBe("ada");
    const [other, listener] = await pair("private-stamped");
    other.send({ event: "client-move", channel: "private-stamped", data: "1", user_id: "admin" });
    expect((await listener.next("client-move")).user_id).toBeUndefined();
    await Promise.all([sender, receiver, other, listener].map((client) => client.close()));
  });

  test.each([
    ["text", '"already \\"JSON\\""', 'already "JSON"'],
    ["an object", '{"x":{"y":[1,null]}}', '{"x":{"y":[1,null]}}'],
    ["a number", "1.50", "1.50"],
    ["null", "null", "null"],
    ["an empty text", '""', ""],
  ])("[CLIENT5] %s as data", async (_, sent, received) => {
    const [sender, receiver] = await pair("private-data");
    sender.send(`{"event":"client-e","channel":"private-data","data":${sent}}`);
    expect((await receiver.next("client-e")).data).toBe(received);
    sender.send('{"event":"client-none","channel":"private-data"}');
    expect((await receiver.next("client-none")).data).toBe("null");
    await Promise.all([sender.close(), receiver.close()]);
  });

  test.each(["private-encrypted-a", "private-encrypted-cache-a"])(
    "[CLIENT8] [ENC2] %s relays encrypted payloads and refuses anything else",
    async (channel) => {
      const [sender, receiver] = await pair(channel);
      sender.send({ event: "client-e", channel, data: JSON.parse(encryptedPayload) as unknown });
      expect((await receiver.next("client-e")).data).toBe(encryptedPayload);
      sender.send({ event: "client-e", channel, data: encryptedPayload });
      expect((await receiver.next("client-e")).data).toBe(encryptedPayload);
      sender.send({ event: "client-e", channel, data: { text: "hello" } });
      const { code, message } = await sender.error();
      expect(code).toBeNull();
      expect(message).toMatch(/^Data on an encrypted channel/);
      expect(message).not.toContain("hello");
      expect(await receiver.settled()).toEqual([]);
      await Promise.all([sender.close(), receiver.close()]);
    },
  );

  test.each(["public", "cache-a"])("[CLIENT3] %s carries none", async (channel) => {
    const [sender, receiver] = await pair(channel);
    sender.send({ event: "client-e", channel, data: 1 });
    const { code, message } = await sender.error();
    expect(code).toBeNull();
    expect(message).toMatch(/^Client events are not allowed on channel /);
    expect(await receiver.settled()).toEqual([]);
    await Promise.all([sender.close(), receiver.close()]);
  });

  test("[CLIENT3] a server-to-user channel carries none", async () => {
    const [first, second] = [await RawClient.connect(server.port), await RawClient.connect(server.port)];
    for (const client of [first, second]) {
      await client.signIn({ id: "ada" });
      await client.subscribe("#server-to-user-ada");
    }
    first.send({ event: "client-e", channel: "#server-to-user-ada", data: 1 });
    expect((await first.error()).code).toBeNull();
    expect(await second.settled()).toEqual([]);
    await Promise.all([first.close(), second.close()]);
  });

  test("[CLIENT4] the sender must be on the channel", async () => {
    const [sender, receiver] = await pair("private-members");
    const stranger = await RawClient.connect(server.port);
    stranger.send({ event: "client-e", channel: "private-members", data: 1 });
    expect(await stranger.error()).toEqual({
      code: null,
      message: "Cannot broadcast client event (connection not subscribed to channel private-members)",
    });
    sender.unsubscribe("private-members");
    sender.send({ event: "client-e", channel: "private-members", data: 1 });
    expect((await sender.error()).code).toBeNull();
    expect(await receiver.settled()).toEqual([]);
    await Promise.all([sender.close(), receiver.close(), stranger.close()]);
  });

  test("[CLIENT2] an app that has not turned them on carries none", async () => {
    const path = "/app/quiet?protocol=7";
    const client = await RawClient.connect(server.port, { path });
    client.send({ event: "client-e", channel: "private-a", data: 1 });
    expect(await client.error()).toEqual({ code: null, message: "Client events are not enabled for this app" });
    expect(await client.settled()).toEqual([]);
    await client.close();
  });

  test("[CLIENT7] [CLOSE3] the eleventh in a second is dropped with 4301, and the next second is new", async () => {
    const [sender, receiver] = await pair("private-fast");
    for (let index = 0; index < 12; index += 1) {
      sender.send({ event: "client-e", channel: "private-fast", data: index });
    }
    expect((await sender.error()).code).toBe(4301);
    expect((await sender.error()).code).toBe(4301);
    expect(await sender.settled()).toEqual([]);
    const received = await receiver.settled();
    expect(received.map(({ data }) => Number(data))).toEqual(Array.from({ length: 10 }, (_, index) => index));
    clock.advance(1_000);
    sender.send({ event: "client-e", channel: "private-fast", data: "later" });
    expect((await receiver.next("client-e")).data).toBe("later");
    await Promise.all([sender.close(), receiver.close()]);
  });

  test("[CLIENT7] each connection has a rate of its own", async () => {
    const [first, second] = await pair("private-two");
    for (let index = 0; index < 11; index += 1) first.send({ event: "client-e", channel: "private-two", data: index });
    await first.error();
    second.send({ event: "client-e", channel: "private-two", data: "mine" });
    expect((await first.next("client-e")).data).toBe("mine");
    await Promise.all([first.close(), second.close()]);
  });

  test("[CLIENT9] data above the app's limit is refused", async () => {
    const [sender, receiver] = await pair("private-large");
    sender.send({ event: "client-e", channel: "private-large", data: "é".repeat(5_121) });
    expect((await sender.error()).message).toMatch(/exceeds the allowed maximum \(10240 bytes\)/);
    sender.send({ event: "client-e", channel: "private-large", data: "é".repeat(5_120) });
    expect((await receiver.next("client-e")).data).toHaveLength(5_120);
    await Promise.all([sender.close(), receiver.close()]);
  });
});
