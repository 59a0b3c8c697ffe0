import { describe, expect, test } from "vitest";
import { startSocketless, testApp, type TextReply } from "@sealcast/server-testing";

const json = { "content-type": "application/json" };
const sealed = JSON.stringify({
  nonce: Buffer.alloc(24, 1).toString("base64"),
  ciphertext: Buffer.alloc(20, 2).toString("base64"),
});

/** Channels keep events, except those whose names begin with "plain". */
const keepingApp = testApp({
  history: ["a", "b"].map((prefix) => ({ prefix, size: 10, ttlSeconds: 600 })),
});

function parsed({ body }: TextReply): unknown {
  return JSON.parse(body);
}

describe("POST /events", () => {
  test("[HTTP1] [EVENT1] reaches who is subscribed, with its data unchanged", async () => {
    const { connect, post } = await startSocketless();
    const [inside, outside] = [connect(), connect()];
    inside.subscribe("market");
    outside.subscribe("other");
    for (const client of [inside, outside]) client.take();
    const data = ' {"p": 1,\n"é": "\\u00e9"} ';
    expect(await post("/events", { name: "new-price", channel: "market", data })).toEqual({
      status: 200,
      headers: json,
      body: "{}",
    });
    expect(inside.link.texts.at(-1)).toBe(JSON.stringify({ event: "new-price", channel: "market", data }));
    expect(outside.take()).toEqual([]);
  });

  test("[HTTP1] several channels, each once", async () => {
    const { connect, post } = await startSocketless();
    const client = connect();
    for (const channel of ["a", "b", "c"]) client.subscribe(channel);
    client.take();
    await post("/events", { name: "x", channels: ["a", "b", "a"], data: "1" });
    expect(client.take()).toEqual([
      { event: "x", channel: "a", data: 1 },
      { event: "x", channel: "b", data: 1 },
    ]);
  });

  test("[REC12] an event whose idempotency key was published before is answered again, but reaches nobody", async () => {
    const { connect, post, clock } = await startSocketless({ apps: [keepingApp] });
    const client = connect();
    for (const channel of ["a", "b"]) client.subscribe(channel);
    client.take();
    const publish = (more: object): Promise<TextReply> =>
      post("/events", { name: "x", channel: "a", data: "1", idempotency_key: "order-1", info: "position", ...more });
    const first = await publish({});
    expect(parsed(first)).toMatchObject({ channels: { a: { position: { offset: 1 } } } });
    expect(await publish({})).toEqual(first);
    await publish({ channel: "b" });
    await publish({ idempotency_key: "order-2" });
    const batch = ["order-3", "order-3", "order-4"].map((idempotency_key) => ({
      name: "y",
      channel: "a",
      data: "1",
      idempotency_key,
    }));
    await post("/batch_events", { batch });
    expect(client.take().map(({ event, channel }) => `${event} ${channel}`)).toEqual([
      "x a",
      "x b",
      "x a",
      "y a",
      "y a",
    ]);
    clock.advance(120_000);
    await publish({});
    expect(client.take().filter(({ event }) => event === "x")).toHaveLength(1);
  });

  test.each([[""], ["a b"], ["x".repeat(101)], [5], ["é"]])(
    "[HTTP13] [REC12] the idempotency key %j is refused",
    async (idempotency_key) => {
      const { post } = await startSocketless();
      const body = { name: "x", channel: "a", data: "1", idempotency_key };
      expect(await post("/events", body)).toMatchObject({
        status: 400,
        body: expect.stringContaining("Invalid idempotency_key: expected 1 to 100 ASCII characters") as string,
      });
    },
  );

  test("[REC13] tells the position of the event on channels that keep events", async () => {
    const { post } = await startSocketless({ apps: [keepingApp] });
    const publish = async (more: object): Promise<unknown> =>
      parsed(await post("/events", { name: "x", data: "1", info: "position", ...more }));
    const epoch = expect.any(String) as string;
    expect(await publish({ channels: ["a", "plain"] })).toEqual({
      channels: { a: { position: { epoch, offset: 1 } }, plain: {} },
    });
    expect(await publish({ channel: "a", info: "position,subscription_count" })).toEqual({
      channels: { a: { position: { epoch, offset: 2 }, subscription_count: 0 } },
    });
    const batch = [
      { name: "x", channel: "a", data: "1", info: "position" },
      { name: "x", channel: "b", data: "1" },
    ];
    expect(parsed(await post("/batch_events", { batch }))).toEqual({ batch: [{ position: { epoch, offset: 3 } }, {}] });
  });

  test("[EVENT3] leaves out the connection that is named", async () => {
    const { connect, post } = await startSocketless();
    const [publisher, other] = [connect(), connect()];
    for (const client of [publisher, other]) client.subscribe("a");
    publisher.take();
    other.take();
    await post("/events", { name: "x", channel: "a", data: "1", socket_id: publisher.socketId });
    await post("/events", { name: "y", channel: "a", data: "1", socket_id: "99.99" });
    expect(publisher.take().map(({ event }) => event)).toEqual(["y"]);
    expect(other.take().map(({ event }) => event)).toEqual(["x", "y"]);
  });

  test("[USER4] reaches a user through the server-to-user channel", async () => {
    const { connect, post } = await startSocketless();
    const client = connect();
    client.signIn({ id: "ada" });
    client.subscribe("#server-to-user-ada");
    client.take();
    await post("/events", { name: "notice", channels: ["#server-to-user-ada"], data: "{}" });
    expect(client.take()).toEqual([{ event: "notice", channel: "#server-to-user-ada", data: {} }]);
  });

  test("[HTTP3] tells what was asked of each channel, as far as it applies", async () => {
    const { connect, post } = await startSocketless();
    const [one, two] = [connect(), connect()];
    one.join("presence-a", "ada");
    two.join("presence-a", "ada");
    one.subscribe("b");
    const event = { name: "x", channels: ["presence-a", "b", "empty", "__proto__"], data: "1" };
    expect(parsed(await post("/events", { ...event, info: "user_count,subscription_count" }))).toEqual({
      channels: JSON.parse(
        '{"presence-a":{"user_count":1,"subscription_count":2},"b":{"subscription_count":1},"empty":{"subscription_count":0},"__proto__":{"subscription_count":0}}',
      ) as unknown,
    });
    expect(parsed(await post("/events", { ...event, channels: ["b"], info: "user_count" }))).toEqual({
      channels: { b: {} },
    });
  });

  test("[HTTP3] an app without subscription counts gets none in `info`", async () => {
    const { post } = await startSocketless({ apps: [testApp({ subscriptionCount: false })] });
    const reply = await post("/events", { name: "x", channel: "a", data: "1", info: "subscription_count" });
    expect(parsed(reply)).toEqual({ channels: { a: {} } });
  });

  test("[HTTP12] takes everything from the query", async () => {
    const { connect, post } = await startSocketless();
    const client = connect();
    client.subscribe("a");
    client.take();
    expect((await post("/events", "", { name: "x", channel: "a", data: "h i" })).status).toBe(200);
    expect(client.take()).toEqual([{ event: "x", channel: "a", data: "h i" }]);
  });

  test.each<[title: string, body: unknown, status: number, text: RegExp]>([
    ["no body", "", 400, /^Missing required parameter: channel\n$/],
    ["a body that is no JSON", "{", 400, /^Invalid body: it must be JSON\n$/],
    ["no name", { channel: "a", data: "1" }, 400, /^Missing required parameter: name\n$/],
    ["a bad channel", { name: "x", channel: "a b", data: "1" }, 400, /^Invalid channel name "a b"/],
    [
      "too much data",
      { name: "x", channel: "a", data: "x".repeat(10_241) },
      413,
      /^The data content of this event exceeds/,
    ],
    [
      "[ENC2] plaintext on an encrypted channel",
      { name: "x", channel: "private-encrypted-a", data: "top secret" },
      400,
      /must be/,
    ],
  ])("[HTTP13] [HTTP14] %s is refused in plain text", async (_, body, status, text) => {
    const { post } = await startSocketless();
    const reply = await post("/events", body);
    expect(reply).toMatchObject({ status, headers: { "content-type": "text/plain; charset=utf-8" } });
    expect(reply.body).toMatch(text);
    expect(reply.body).not.toContain("top secret");
  });

  test("[ENC3] an encrypted payload passes as it is", async () => {
    const { connect, post } = await startSocketless();
    const client = connect();
    client.subscribe("private-encrypted-a");
    client.take();
    expect((await post("/events", { name: "x", channel: "private-encrypted-a", data: sealed })).status).toBe(200);
    expect(client.link.texts.at(-1)).toBe(JSON.stringify({ event: "x", channel: "private-encrypted-a", data: sealed }));
  });
});

describe("POST /batch_events", () => {
  test("[HTTP2] [EVENT2] publishes all in order", async () => {
    const { connect, post } = await startSocketless();
    const client = connect();
    client.subscribe("a");
    client.subscribe("b");
    client.take();
    const batch = ["a", "b", "a"].map((channel, index) => ({ name: "x", channel, data: String(index) }));
    expect(await post("/batch_events", { batch })).toMatchObject({ status: 200, body: "{}" });
    expect(client.take().map(({ channel, data }) => [channel, data])).toEqual([
      ["a", 0],
      ["b", 1],
      ["a", 2],
    ]);
  });

  test("[HTTP2] publishes nothing where one event is bad", async () => {
    const { connect, post } = await startSocketless();
    const client = connect();
    client.subscribe("a");
    client.take();
    const batch = [
      { name: "x", channel: "a", data: "1" },
      { name: "pusher:x", channel: "a", data: "1" },
    ];
    expect((await post("/batch_events", { batch })).status).toBe(400);
    expect(client.take()).toEqual([]);
  });

  test("[HTTP3] tells of each event in its place", async () => {
    const { connect, post } = await startSocketless();
    const client = connect();
    client.join("presence-a", "ada");
    client.subscribe("b");
    const batch = [
      { name: "x", channel: "presence-a", data: "1", info: "user_count,subscription_count" },
      { name: "x", channel: "b", data: "1" },
      { name: "x", channel: "b", data: "1", info: "subscription_count" },
    ];
    expect(parsed(await post("/batch_events", { batch }))).toEqual({
      batch: [{ user_count: 1, subscription_count: 1 }, {}, { subscription_count: 1 }],
    });
  });

  test("[HTTP13] a body without a batch is refused", async () => {
    const { post } = await startSocketless();
    expect(await post("/batch_events", {})).toMatchObject({ status: 400, body: "Missing required parameter: batch\n" });
  });
});

describe("POST /channels/{name}/events", () => {
  test("[HTTP8] the body is the data, the rest stands in the query", async () => {
    const { connect, post } = await startSocketless();
    const [client, left] = [connect(), connect()];
    for (const one of [client, left]) one.subscribe("a=b");
    client.take();
    left.take();
    const parameters = { name: "x", socket_id: left.socketId };
    expect(await post("/channels/a=b/events", "{no json", parameters)).toMatchObject({ status: 202, body: "{}" });
    expect(client.take()).toEqual([{ event: "x", channel: "a=b", data: "{no json" }]);
    expect(left.take()).toEqual([]);
  });

  test("[HTTP8] [HTTP16] above the app's rate it is refused like any other", async () => {
    const { post } = await startSocketless({ apps: [testApp({ publishesPerSecond: 1 })] });
    expect((await post("/channels/a/events", "1", { name: "x" })).status).toBe(202);
    expect((await post("/channels/a/events", "1", { name: "x" })).status).toBe(429);
  });

  test("[HTTP8] [HTTP13] a name in the body is data", async () => {
    const { post } = await startSocketless();
    expect(await post("/channels/a/events", { name: "x" })).toMatchObject({
      status: 400,
      body: "Missing required parameter: name\n",
    });
  });
});

test("large data is encoded in turns of the event loop of its own", async () => {
  let count = 0;
  const turns = {
    hasTime: () => true,
    next() {
      count += 1;
      return Promise.resolve();
    },
  };
  const { post } = await startSocketless({ apps: [testApp({ maxEventBytes: 1_048_576 })], ports: { turns } });
  const turnsFor = async (length: number): Promise<number> => {
    count = 0;
    expect((await post("/events", { name: "e", channel: "c", data: "é".repeat(length) })).status).toBe(200);
    return count;
  };
  const large = 256 * 1_024;
  expect(await turnsFor(large)).toBe((await turnsFor(large - 1)) + 1);
});
