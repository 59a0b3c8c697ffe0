import { startServer, type TestServer } from "@sealcast/server/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callApi, publish } from "../fixtures/api-request.ts";
import { FakeClock } from "../fixtures/fake-clock.ts";
import { dataOf, RawClient } from "../fixtures/raw-client.ts";

const clock = new FakeClock();
const payload = JSON.stringify({
  nonce: Buffer.alloc(24, 1).toString("base64"),
  ciphertext: Buffer.alloc(20, 2).toString("base64"),
});
let server: TestServer;
beforeAll(async () => {
  server = await startServer({ ports: { clock } });
});
afterAll(() => server.close());

const kinds = [
  "public",
  "cache-a",
  "private-a",
  "private-cache-a",
  "private-encrypted-a",
  "private-encrypted-cache-a",
  "presence-a",
  "presence-cache-a",
] as const;

function channelDataOf(channel: string): string | undefined {
  return channel.startsWith("presence-") ? '{"user_id":"u"}' : undefined;
}

describe("published events", () => {
  test.each(kinds)("[EVENT1] %s: reaches every subscriber with its data unchanged", async (channel) => {
    const clients = await Promise.all([1, 2, 3].map(() => RawClient.connect(server.port)));
    for (const client of clients) await client.subscribe(channel, channelDataOf(channel));
    const data = channel.includes("encrypted") ? payload : '{ "odd":  "space\\u0041é😀" }';
    await publish(server.port, channel, "some event", data);
    for (const client of clients) {
      expect(await client.next("some event")).toEqual({ event: "some event", channel, data });
      await client.close();
    }
  });

  test.each([[""], ["null"], ["0"], ["not json {"], ["\u0000\ud83d\ude00"], ['"'.repeat(100)]])(
    "[EVENT1] the data %j arrives as it was",
    async (data) => {
      const client = await RawClient.connect(server.port);
      await client.subscribe("data");
      await publish(server.port, "data", "e", data);
      expect((await client.next("e")).data).toBe(data);
      await client.close();
    },
  );

  test("[EVENT2] events arrive in the order of publishing, across requests, batches and channels", async () => {
    const client = await RawClient.connect(server.port);
    await client.subscribe("order-a");
    await client.subscribe("order-b");
    for (let index = 0; index < 30; index += 3) {
      const event = (offset: number, channel: string): object => ({ name: "n", channel, data: String(index + offset) });
      await callApi(server.port, {
        path: "/batch_events",
        body: { batch: [event(0, "order-a"), event(1, "order-b")] },
      });
      await publish(server.port, "order-a", "n", String(index + 2));
    }
    const frames = await client.settled();
    const numbers = frames.filter(({ event }) => event === "n").map(({ data }) => Number(data));
    expect(numbers).toEqual(Array.from({ length: 30 }, (_, index) => index));
    await client.close();
  });

  test("[EVENT3] the connection that the publisher names is left out", async () => {
    const [sender, other] = [await RawClient.connect(server.port), await RawClient.connect(server.port)];
    await sender.subscribe("except");
    await other.subscribe("except");
    await publish(server.port, "except", "e", "1", { socket_id: sender.socketId });
    await publish(server.port, "except", "e", "2", { socket_id: "1.1" });
    expect((await other.next("e")).data).toBe("1");
    expect((await other.next("e")).data).toBe("2");
    expect((await sender.next("e")).data).toBe("2");
    await Promise.all([sender.close(), other.close()]);
  });

  test("[EVENT4] who comes later hears nothing of it", async () => {
    const client = await RawClient.connect(server.port);
    await publish(server.port, "too-early", "e", "1");
    await client.subscribe("too-early");
    const frames = await client.settled();
    expect(frames.map(({ event }) => event)).not.toContain("e");
    await client.close();
  });

  test.each([
    ["private-encrypted-b", "hello"],
    ["private-encrypted-b", '{"message":"hello"}'],
    ["private-encrypted-cache-b", payload.replace("}", ',"text":"hello"}')],
    ["private-encrypted-cache-b", payload.replace("{", '{"nonce":"hello",')],
  ])("[ENC2] %s refuses %s from the HTTP API, and nobody hears of it", async (channel, data) => {
    const client = await RawClient.connect(server.port);
    await client.subscribe(channel);
    const answer = await callApi(server.port, { path: "/events", body: { name: "e", channel, data } });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatch(/^Data on an encrypted channel must be \{"nonce","ciphertext"\}: /);
    expect(answer.body).not.toContain("hello");
    const frames = await client.settled();
    expect(frames.map(({ event }) => event)).not.toContain("e");
    await client.close();
  });

  test("[ENC2] one encrypted channel among others refuses the whole publish", async () => {
    const client = await RawClient.connect(server.port);
    await client.subscribe("public");
    const body = { name: "e", channels: ["public", "private-encrypted-b"], data: "hello" };
    expect((await callApi(server.port, { path: "/events", body })).status).toBe(400);
    const frames = await client.settled();
    expect(frames.map(({ event }) => event)).not.toContain("e");
    await client.close();
  });
});

describe("cache channels", () => {
  const cached = kinds.filter((kind) => kind.includes("cache-"));
  const dataFor = (channel: string): string => (channel.includes("encrypted") ? payload : "cached");

  test.each(cached)("[CACHE2] %s: a subscriber of an empty channel hears of the miss", async (kind) => {
    const channel = `${kind}-empty`;
    const client = await RawClient.connect(server.port);
    await client.subscribe(channel, channelDataOf(channel));
    expect(await client.next("pusher:cache_miss")).toEqual({ event: "pusher:cache_miss", channel, data: "{}" });
    await client.close();
  });

  test.each(cached)("[CACHE1] [CACHE5] %s: the last event comes right after the answer", async (kind) => {
    const channel = `${kind}-full`;
    await publish(server.port, channel, "old", dataFor(channel));
    await publish(server.port, channel, "e", dataFor(channel));
    for (let visit = 0; visit < 2; visit += 1) {
      const client = await RawClient.connect(server.port);
      client.sendSubscribe(channel, channelDataOf(channel));
      expect((await client.inbox.next()).event).toBe("pusher_internal:subscription_succeeded");
      expect(await client.inbox.next()).toEqual({ event: "e", channel, data: dataFor(channel) });
      await client.close();
    }
  });

  test("[CACHE3] what clients and the service send is not kept", async () => {
    const channel = "presence-cache-quiet";
    const [ada, bob] = [await RawClient.connect(server.port), await RawClient.connect(server.port)];
    await publish(server.port, channel, "kept", "1");
    await ada.join(channel, "ada");
    await bob.join(channel, "bob");
    bob.send({ event: "client-e", channel, data: "2" });
    await ada.next("client-e");
    const late = await RawClient.connect(server.port);
    await late.join(channel, "late");
    expect((await late.next("kept")).data).toBe("1");
    await Promise.all([ada.close(), bob.close(), late.close()]);
  });

  test("[CACHE3] an event that left its sender out is kept", async () => {
    const client = await RawClient.connect(server.port);
    await publish(server.port, "cache-except", "e", "1", { socket_id: client.socketId });
    await client.subscribe("cache-except");
    expect((await client.next("e")).data).toBe("1");
    await client.close();
  });

  test("[CACHE4] an event is forgotten after its time", async () => {
    await publish(server.port, "cache-old", "e", "1");
    clock.advance(1_799_000);
    const early = await RawClient.connect(server.port);
    await early.subscribe("cache-old");
    expect((await early.next("e")).data).toBe("1");
    clock.advance(1_000);
    const late = await RawClient.connect(server.port);
    await late.subscribe("cache-old");
    expect((await late.next("pusher:cache_miss")).channel).toBe("cache-old");
    await Promise.all([early.close(), late.close()]);
  });
});

describe("subscription counts", () => {
  const countsOf = (frames: Awaited<ReturnType<RawClient["settled"]>>): unknown[] =>
    frames
      .filter(({ event }) => event === "pusher_internal:subscription_count")
      .map((frame) => (dataOf(frame) as { subscription_count: unknown }).subscription_count);

  test.each(kinds.filter((kind) => !kind.startsWith("presence-")))(
    "[COUNT1] %s: every subscriber hears each change, oneself after one's own answer",
    async (kind) => {
      const channel = `${kind}-counted`;
      const [first, second] = [await RawClient.connect(server.port), await RawClient.connect(server.port)];
      first.sendSubscribe(channel);
      expect((await first.inbox.next()).event).toBe("pusher_internal:subscription_succeeded");
      expect(countsOf(await first.settled())).toEqual([1]);
      await second.subscribe(channel);
      expect(countsOf(await second.settled())).toEqual([2]);
      expect(countsOf(await first.settled())).toEqual([2]);
      second.unsubscribe(channel);
      expect(countsOf(await second.settled())).toEqual([]);
      expect(countsOf(await first.settled())).toEqual([1]);
      await Promise.all([first.close(), second.close()]);
    },
  );

  test.each(["presence-a", "presence-cache-a"])("[COUNT2] %s has none", async (channel) => {
    const client = await RawClient.connect(server.port);
    await client.join(channel, "u");
    expect(countsOf(await client.settled())).toEqual([]);
    await client.close();
  });

  test("[COUNT3] above a hundred, once in five seconds and never an old one", async () => {
    const channel = "crowd";
    const crowd = await Promise.all(
      Array.from({ length: 103 }, async () => {
        const client = await RawClient.connect(server.port);
        await client.subscribe(channel);
        return client;
      }),
    );
    const [watcher, ...others] = crowd;
    expect(countsOf((await watcher?.settled()) ?? []).at(-1)).toBe(101);
    clock.advance(5_000);
    expect(countsOf((await watcher?.settled()) ?? [])).toEqual([103]);
    clock.advance(5_000);
    expect(countsOf((await watcher?.settled()) ?? [])).toEqual([]);
    const leave = async (howMany: number): Promise<void> => {
      for (const client of others.splice(0, howMany)) {
        client.unsubscribe(channel);
        await client.settled();
        client.drop();
      }
    };
    await leave(2);
    expect(countsOf((await watcher?.settled()) ?? [])).toEqual([102]);
    await leave(2);
    expect(countsOf((await watcher?.settled()) ?? [])).toEqual([100, 99]);
    clock.advance(5_000);
    expect(countsOf((await watcher?.settled()) ?? [])).toEqual([]);
    for (const client of crowd) client.drop();
  });
});
