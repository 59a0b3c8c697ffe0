import type { AppKey } from "@sealcast/protocol";
import { channelAuth, hmac, startServer, testApp, type TestServer } from "@sealcast/server-testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { publish } from "../../fixtures/api-request.ts";
import { dataOf, RawClient } from "../../fixtures/raw-client.ts";
import { credentials } from "../../fixtures/credentials.ts";

let server: TestServer;
beforeAll(async () => {
  const app = testApp({ subscriptionCount: false });
  const second = { key: "second-key" as AppKey, secret: "second-secret" };
  server = await startServer({
    apps: [{ ...app, credentials: [...app.credentials, second] }],
    settings: { maxSubscriptionsPerConnection: 20 },
  });
});
afterAll(() => server.close());

const succeeded = (channel: string): object => ({
  event: "pusher_internal:subscription_succeeded",
  channel,
  data: "{}",
});

/** Returns what a client receives after subscribing with this auth. */
async function answerTo(
  channel: string,
  auth: (socketId: string) => unknown,
  channelData?: string,
): Promise<unknown[]> {
  const client = await RawClient.connect(server.port);
  client.send({
    event: "pusher:subscribe",
    data: { channel, auth: auth(client.socketId), channel_data: channelData },
  });
  const frames = await client.settled();
  await client.close();
  return frames;
}

describe("subscribing", () => {
  test.each([[undefined], [""], ["anything"], ["app-key:bad"], [null]])(
    "[SUB1] a public channel is open to all, with auth %j",
    async (auth) => {
      expect(await answerTo("pub", () => auth)).toEqual([succeeded("pub")]);
    },
  );

  test.each(["private-a", "private-cache-a", "private-encrypted-a", "private-encrypted-cache-a"])(
    "[SUB2] [SIGN1] %s is open to a good signature, with or without data that was signed too",
    async (channel) => {
      expect(await answerTo(channel, (id) => channelAuth(id, channel))).toContainEqual(succeeded(channel));
      expect(await answerTo(channel, (id) => channelAuth(id, channel, "any text"), "any text")).toContainEqual(
        succeeded(channel),
      );
    },
  );

  test("[SIGN4] each of the app's keys signs with its own secret", async () => {
    const good = await answerTo("private-a", (id) => `second-key:${hmac("second-secret", `${id}:private-a`)}`);
    expect(good).toEqual([succeeded("private-a")]);
    const crossed = await answerTo("private-a", (id) => `second-key:${hmac("app-secret", `${id}:private-a`)}`);
    expect(crossed).not.toContainEqual(succeeded("private-a"));
  });

  test.each<readonly [string, (socketId: string) => string | undefined, string | undefined]>([
    ["[SUB2] no auth", () => undefined, undefined],
    ["[SUB2] empty auth", () => "", undefined],
    ["[SUB3] no digest", () => "app-key:", undefined],
    ["[SUB3] no colon", () => "app-key", undefined],
    ["[SUB3] another secret", (id) => `app-key:${hmac("other", `${id}:private-a`)}`, undefined],
    ["[SUB3] another channel", (id) => channelAuth(id, "private-b"), undefined],
    ["[SUB11] another connection", () => channelAuth("1.1", "private-a"), undefined],
    ["[SIGN1] data that was not signed", (id) => channelAuth(id, "private-a"), "{}"],
    ["[SIGN1] data that was signed and not sent", (id) => channelAuth(id, "private-a", "{}"), undefined],
    ["[SIGN4] upper case", (id) => `app-key:${hmac(credentials.secret, `${id}:private-a`).toUpperCase()}`, undefined],
    ["[SIGN4] a digit short", (id) => channelAuth(id, "private-a").slice(0, -1), undefined],
    ["[SIGN4] a digit more", (id) => `${channelAuth(id, "private-a")}0`, undefined],
    ["[SIGN4] an end of line more", (id) => `${channelAuth(id, "private-a")}\n`, undefined],
    [
      "[SIGN4] the documentation's slip",
      (id) => `app-key::user::${hmac(credentials.secret, `${id}:private-a`)}`,
      undefined,
    ],
    ["[SUB4] another key", (id) => `other:${hmac(credentials.secret, `${id}:private-a`)}`, undefined],
    [
      "[SUB4] a key from an object's prototype",
      (id) => `__proto__:${hmac(credentials.secret, `${id}:private-a`)}`,
      undefined,
    ],
  ])("%s is refused twice over, and the connection stays", async (_, auth, channelData) => {
    const frames = await answerTo("private-a", auth, channelData);
    expect(frames).toEqual([
      { event: "pusher:error", data: { code: null, message: expect.any(String) as string } },
      { event: "pusher:subscription_error", channel: "private-a", data: expect.any(String) as string },
    ]);
  });

  test("[SUB3] [ERR2] the error says what was to be signed and what came, and not what would be right", async () => {
    const client = await RawClient.connect(server.port);
    const wrong = "0".repeat(64);
    client.send({ event: "pusher:subscribe", data: { channel: "private-a", auth: `app-key:${wrong}` } });
    const { message } = await client.error();
    expect(message).toBe(
      `Invalid signature: Expected HMAC SHA256 hex digest of ${client.socketId}:private-a, but got ${wrong}`,
    );
    expect(message).not.toContain(hmac(credentials.secret, `${client.socketId}:private-a`));
    await client.close();
  });

  test("[SUB4] [SUB5] the error of a wrong key has the official text, and the channel receives it as an AuthError", async () => {
    const client = await RawClient.connect(server.port);
    client.send({ event: "pusher:subscribe", data: { channel: "private-a", auth: "nobody:00" } });
    const message = "Invalid key in subscription auth data: 'nobody'";
    expect(await client.error()).toEqual({ code: null, message });
    const frame = await client.next("pusher:subscription_error", "private-a");
    expect(dataOf(frame)).toEqual({ type: "AuthError", error: message, status: 401 });
    await client.close();
  });

  test("[SUB6] a second subscription is refused and the first stays", async () => {
    const client = await RawClient.connect(server.port);
    await client.subscribe("private-a");
    client.sendSubscribe("private-a");
    expect((await client.error()).message).toBe("Existing subscription to channel private-a");
    await publish(server.port, "private-a", "e", "1");
    const frames = await client.settled();
    expect(frames.filter(({ event }) => event === "e")).toHaveLength(1);
    await client.close();
  });

  test("[SUB7] nothing arrives after an unsubscription, which has no answer", async () => {
    const [client, other] = [await RawClient.connect(server.port), await RawClient.connect(server.port)];
    await client.subscribe("left");
    await other.subscribe("left");
    client.unsubscribe("left");
    expect(await client.settled()).toEqual([]);
    await publish(server.port, "left", "e", "1");
    expect(await other.next("e")).toMatchObject({ channel: "left" });
    expect(await client.settled()).toEqual([]);
    await Promise.all([client.close(), other.close()]);
  });

  test("[SUB8] [CLOSE3] unsubscribing from a channel that the connection is not on", async () => {
    const client = await RawClient.connect(server.port);
    client.unsubscribe("nowhere");
    expect(await client.error()).toEqual({
      code: null,
      message: "No current subscription to channel nowhere, or subscription in progress",
    });
    expect(await client.settled()).toEqual([]);
    await client.close();
  });

  test("[SUB10] a connection may not hold more subscriptions than the server allows", async () => {
    const client = await RawClient.connect(server.port);
    for (let index = 0; index < 20; index += 1) await client.subscribe(`many-${index}`);
    client.sendSubscribe("one-more");
    expect((await client.error()).message).toMatch(/the connection is on 20 channels, at most 20 are allowed/);
    await client.settled();
    client.unsubscribe("many-0");
    expect(await client.subscribe("one-more")).toEqual({});
    await client.close();
  });

  test.each([["a b"], ["a:b"], ["#a"], ["é"], ["a".repeat(165)], [""], [7], [null], [{}]])(
    "[SUB12] the name %j refuses only the subscription",
    async (channel) => {
      const client = await RawClient.connect(server.port);
      client.send({ event: "pusher:subscribe", data: { channel } });
      const error = await client.error();
      expect(error.code).toBeNull();
      expect(error.message).toMatch(/^Invalid channel name /);
      await client.settled();
      expect(await client.subscribe("a-good-one")).toEqual({});
      await client.close();
    },
  );

  test("[SIGN2] a signature for a channel with colons, made by a careless backend, signs nobody in", async () => {
    const client = await RawClient.connect(server.port);
    const userData = '{"id":"admin"}';
    const auth = channelAuth(client.socketId, "private-a", userData);
    client.send({ event: "pusher:signin", data: { auth, user_data: userData } });
    expect((await client.error()).message).toMatch(/^Invalid signature/);
    await client.close();
  });
});
