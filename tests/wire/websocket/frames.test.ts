import { startServer, testApp, type TestServer } from "@sealcast/server-testing";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { RawClient } from "../../fixtures/raw-client.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

describe("frames", () => {
  test.each([
    ["not JSON", "hello"],
    ["nothing", ""],
    ["an array", "[]"],
    ["null", "null"],
    ["no event", "{}"],
    ["an event that is no text", '{"event":7}'],
    ["a sign-in without fields", '{"event":"pusher:signin"}'],
  ])("[FRAME2] [CLOSE3] %s is answered with an error, and the connection stays", async (_, text) => {
    const client = await RawClient.connect(server.port);
    client.send(text);
    const error = await client.error();
    expect(error.code).toBeNull();
    expect(error.message).toMatch(/^Malformed message: /);
    expect(await client.settled()).toEqual([]);
    await client.close();
  });

  test.each(["pusher:connection_established", "pusher_internal:member_added", "pusher:nothing", "my-event"])(
    "[FRAME4] %s is not for clients to send",
    async (event) => {
      const client = await RawClient.connect(server.port);
      client.send({ event, channel: "private-a", data: {} });
      expect(await client.error()).toEqual({ code: null, message: `Unsupported event received on socket: ${event}` });
      expect(await client.settled()).toEqual([]);
      await client.close();
    },
  );

  test.each([
    ["an object", { channel: "a", more: 1 }],
    ["its JSON text", '{"channel":"a","more":1}'],
  ])("[FRAME3] data may be %s, with fields that nobody knows", async (_, data) => {
    const client = await RawClient.connect(server.port);
    client.send({ event: "pusher:subscribe", data, channel: "b", extra: {} });
    await client.next("pusher_internal:subscription_succeeded", "a");
    client.send({ event: "pusher:unsubscribe", data });
    await client.settled();
    expect(await client.subscribe("a")).toEqual({});
    await client.close();
  });

  test("[FRAME5] a binary message is closed with 1003", async () => {
    const client = await RawClient.connect(server.port);
    client.socket.send(Buffer.from('{"event":"pusher:ping"}'), { binary: true });
    expect((await client.closed).code).toBe(1003);
  });

  test("[FRAME6] a message above the largest size is closed with 1009", async () => {
    const client = await RawClient.connect(server.port);
    client.send({ event: "client-a", channel: "private-a", data: "x".repeat(130_000) });
    expect(await client.closed).toMatchObject({ code: 1009, reason: "Message too big" });
  });

  test.each([
    ["data of a client event", { event: "client-a", channel: "private-a", data: "x".repeat(60_000) }],
    ["a name of an event", { event: `client-${"x".repeat(60_000)}`, channel: "private-a", data: "" }],
    ["a name of a channel", { event: "pusher:subscribe", data: { channel: "x".repeat(60_000) } }],
    ["user_data", { event: "pusher:signin", data: { auth: "app-key:", user_data: "x".repeat(60_000) } }],
    ["what is no JSON", "x".repeat(100_000)],
  ])("[FRAME6] %s that exceeds its own limit gets its own error, and the connection stays", async (_, message) => {
    const client = await RawClient.connect(server.port);
    if (typeof message === "string") client.socket.send(message);
    else client.send(message);
    expect((await client.next("pusher:error")).data).toMatchObject({ code: null });
    client.send({ event: "pusher:ping" });
    await client.next("pusher:pong");
    await client.close();
  });

  test("[FRAME6] [WATCH3] a watchlist of 1,000 users is read, and 100 of them are watched", async () => {
    const client = await RawClient.connect(server.port);
    const watchlist = Array.from({ length: 1_000 }, (_, index) => `friend-${index}-${"x".repeat(20)}`);
    await client.signIn({ id: "ada", watchlist });
    expect((await client.next("pusher:error")).data).toMatchObject({ code: 4302 });
    await client.close();
  });

  test.each([
    ["JSON as text", JSON.stringify(JSON.stringify(Array.from({ length: 2_500 }, () => "a")))],
    ["characters that a library writes as \\u…", `"${"\\u6f22".repeat(3_413)}"`],
    ["control characters", JSON.stringify("\u0001".repeat(10_240))],
  ])("[FRAME6] [CLIENT9] data within its limit is relayed, although escapes make it longer: %s", async (_, data) => {
    const [sender, receiver] = [await RawClient.connect(server.port), await RawClient.connect(server.port)];
    await sender.subscribe("private-a");
    await receiver.subscribe("private-a");
    sender.send(`{"event":"client-a","channel":"private-a","data":${data}}`);
    expect((await receiver.next("client-a")).data).toBe(JSON.parse(data));
    await Promise.all([sender.close(), receiver.close()]);
  });

  test("[FRAME6] user_info above its limit refuses only its subscription, up to the limit of the app", async () => {
    const own = await startServer({ apps: [testApp()] });
    onTestFinished(() => own.close());
    const info = { avatar: "x".repeat(20_000) };
    const client = await RawClient.connect(own.port);
    client.sendSubscribe("presence-a", JSON.stringify({ user_id: "ada", user_info: info }));
    expect((await client.next("pusher:subscription_error")).data).toMatch(
      /user_info of at most 1024 bytes.*"status":413/,
    );
    expect(await client.subscribe("news")).toEqual({});
    own.server.replaceApps([testApp({ maxMemberBytes: 32_768 })]);
    const later = await RawClient.connect(own.port);
    expect(await later.join("presence-a", "ada", info)).toMatchObject({ presence: { hash: { ada: info } } });
    await Promise.all([client.close(), later.close()]);
  });

  test("[FRAME6] the largest size follows the limits of the apps while the server runs", async () => {
    const own = await startServer({ apps: [testApp()] });
    onTestFinished(() => own.close());
    own.server.replaceApps([testApp({ maxEventBytes: 200_000 })]);
    const [sender, receiver] = [await RawClient.connect(own.port), await RawClient.connect(own.port)];
    await sender.subscribe("private-a");
    await receiver.subscribe("private-a");
    const data = "x".repeat(200_000);
    sender.send({ event: "client-a", channel: "private-a", data });
    expect((await receiver.next("client-a")).data).toBe(data);
    await Promise.all([sender.close(), receiver.close()]);
  });

  test("[FRAME6] the largest size leaves room around the largest data", async () => {
    const [sender, receiver] = [await RawClient.connect(server.port), await RawClient.connect(server.port)];
    await sender.subscribe("private-a");
    await receiver.subscribe("private-a");
    const data = "x".repeat(10_240);
    sender.send({ event: `client-${"e".repeat(193)}`, channel: "private-a", data });
    expect((await receiver.next(`client-${"e".repeat(193)}`)).data).toBe(data);
    await Promise.all([sender.close(), receiver.close()]);
  });

  test("[FRAME7] fragments are put together, with a ping in between", async () => {
    const client = await RawClient.connect(server.port);
    client.socket.send('{"event":"pusher:sub', { fin: false });
    client.socket.ping();
    client.socket.send('scribe","data":{"chan', { fin: false });
    client.socket.send('nel":"fragmented"}}', { fin: true });
    expect(await client.next("pusher_internal:subscription_succeeded")).toMatchObject({ channel: "fragmented" });
    await client.close();
  });

  test("[FRAME8] whatever text comes, the connection lives and answers", async () => {
    const client = await RawClient.connect(server.port);
    const events = fc.constantFrom("pusher:subscribe", "pusher:unsubscribe", "pusher:signin", "client-a", "__proto__");
    const frame = fc
      .record(
        {
          event: fc.oneof(events, fc.jsonValue()),
          channel: fc.oneof(fc.constantFrom("private-a", "presence-a", "__proto__", "a"), fc.jsonValue()),
          data: fc.oneof(
            fc.jsonValue(),
            fc.record(
              {
                channel: fc.oneof(fc.constantFrom("private-a", "presence-a", "__proto__", "a"), fc.jsonValue()),
                auth: fc.oneof(fc.constantFrom("", ":", "app-key:", `app-key:${"a".repeat(64)}`), fc.jsonValue()),
                channel_data: fc.jsonValue(),
                user_data: fc.json(),
              },
              { requiredKeys: [] },
            ),
          ),
        },
        { requiredKeys: [] },
      )
      .map((value) => JSON.stringify(value));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: "binary" }), fc.json(), frame), async (text) => {
        client.send(text);
        await client.settled();
        expect(client.socket.readyState).toBe(client.socket.OPEN);
      }),
      { numRuns: 500 },
    );
    await client.close();
  });
});
