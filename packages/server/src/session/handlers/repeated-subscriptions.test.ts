import { describe, expect, test } from "vitest";
import { startSocketless, testApp, type ReceivedFrame } from "@sealcast/server-testing";

const succeeded = "pusher_internal:subscription_succeeded";
const counted = "pusher_internal:subscription_count";
const added = "pusher_internal:member_added";

function events(frames: readonly ReceivedFrame[]): string[] {
  return frames.map(({ event }) => event);
}

describe("[SUB13] a connection that joins and leaves without end", () => {
  test("is slowed down, so that others hear of at most so many changes per second", async () => {
    const { connect, clock } = await startSocketless({ settings: { repeatedSubscriptionsPerSecond: 5 } });
    const { timers } = clock;
    const [other, restless] = [connect(), connect()];
    other.join("presence-a", "other");
    for (let round = 0; round < 20; round += 1) {
      restless.join("presence-a", "restless");
      restless.unsubscribe("presence-a");
    }
    await settled();
    const arrivals = (): number => other.take().filter(({ event }) => event === added).length;
    expect(arrivals()).toBe(6);
    for (let second = 0; second < 2; second += 1) {
      for (let step = 0; step < 5; step += 1) {
        clock.advance(200);
        await settled();
      }
      expect(arrivals()).toBe(5);
    }
    restless.drop();
    clock.advance(60_000);
    await settled();
    expect(arrivals()).toBe(0);
    expect(clock.timers).toBe(timers);
  });

  test("keeps the order of its messages, and is closed if too many wait", async () => {
    const { connect, clock } = await startSocketless({ settings: { repeatedSubscriptionsPerSecond: 1 } });
    const client = connect();
    client.subscribe("a");
    for (let round = 0; round < 2; round += 1) {
      client.unsubscribe("a");
      client.subscribe("a");
    }
    client.send({ event: "pusher:ping" });
    expect(events(client.take())).not.toContain("pusher:pong");
    clock.advance(1_000);
    await settled();
    expect(events(client.take()).slice(-2)).toEqual([counted, "pusher:pong"]);
    client.unsubscribe("a");
    client.subscribe("a");
    for (let count = 0; count < 3_000; count += 1) {
      client.send({ event: "pusher:ping" });
      if (count % 1_000 === 0) clock.advance(100);
    }
    expect(client.closeCode).toBe(4102);
  });

  test("does not slow down subscriptions that are not announced to others", async () => {
    const apps = [testApp({ subscriptionCount: false })];
    const { connect } = await startSocketless({ apps, settings: { repeatedSubscriptionsPerSecond: 1 } });
    const client = connect();
    for (let round = 0; round < 50; round += 1) {
      client.subscribe("a");
      client.unsubscribe("a");
    }
    expect(events(client.take()).filter((event) => event === succeeded)).toHaveLength(50);
  });

  test("does not slow down a client that subscribes to all its channels at once", async () => {
    const { connect } = await startSocketless({ settings: { repeatedSubscriptionsPerSecond: 1 } });
    const client = connect();
    for (let index = 0; index < 500; index += 1) client.subscribe(`a-${index}`);
    expect(events(client.take()).filter((event) => event === succeeded)).toHaveLength(500);
  });
});

/** Resolves when everything that follows from timers and promises has happened. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
