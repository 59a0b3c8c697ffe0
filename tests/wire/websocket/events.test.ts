import { startServer, type TestServer } from "@sealcast/server-testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callApi, publish } from "../../fixtures/api-request.ts";
import { channelDataOf, channelOfEveryKind, encryptedPayload } from "../../fixtures/channels.ts";
import { RawClient } from "../../fixtures/raw-client.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

describe("published events", () => {
  test.each(channelOfEveryKind)("[EVENT1] %s: reaches every subscriber with its data unchanged", async (channel) => {
    const clients = await Promise.all([1, 2, 3].map(() => RawClient.connect(server.port)));
    for (const client of clients) await client.subscribe(channel, channelDataOf(channel));
    const data = channel.includes("encrypted") ? encryptedPayload : '{ "odd":  "space\\u0041é😀" }';
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

  test("[EVENT4] a later subscriber does not receive it", async () => {
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
    ["private-encrypted-cache-b", encryptedPayload.replace("}", ',"text":"hello"}')],
    ["private-encrypted-cache-b", encryptedPayload.replace("{", '{"nonce":"hello",')],
  ])("[ENC2] %s refuses %s from the HTTP API, and delivers nothing", async (channel, data) => {
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
