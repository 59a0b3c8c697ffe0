import { FakeClock, startServer, type TestServer } from "@sealcast/server-testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { publish } from "../../fixtures/api-request.ts";
import { channelDataOf, channelOfEveryKind, encryptedPayload } from "../../fixtures/channels.ts";
import { RawClient } from "../../fixtures/raw-client.ts";

const clock = new FakeClock(Date.now());
let server: TestServer;
beforeAll(async () => {
  server = await startServer({ ports: { clock } });
});
afterAll(() => server.close());

const cached = channelOfEveryKind.filter((channel) => channel.includes("cache-"));

function dataFor(channel: string): string {
  return channel.includes("encrypted") ? encryptedPayload : "cached";
}

describe("cache channels", () => {
  test.each(cached)("[CACHE2] %s: a subscriber of an empty channel gets a cache miss", async (kind) => {
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
