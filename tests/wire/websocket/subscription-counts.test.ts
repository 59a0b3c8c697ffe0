import { FakeClock, startServer, type TestServer } from "@sealcast/server-testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { channelOfEveryKind } from "../../fixtures/channels.ts";
import { dataOf, RawClient, type ServerFrame } from "../../fixtures/raw-client.ts";

const clock = new FakeClock(Date.now());
let server: TestServer;
beforeAll(async () => {
  server = await startServer({ ports: { clock } });
});
afterAll(() => server.close());

function countsOf(frames: readonly ServerFrame[]): unknown[] {
  return frames
    .filter(({ event }) => event === "pusher_internal:subscription_count")
    .map((frame) => (dataOf(frame) as { subscription_count: unknown }).subscription_count);
}

describe("subscription counts", () => {
  test.each(channelOfEveryKind.filter((kind) => !kind.startsWith("presence-")))(
    "[COUNT1] %s: every subscriber gets each change; a new subscriber gets it after its own answer",
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
