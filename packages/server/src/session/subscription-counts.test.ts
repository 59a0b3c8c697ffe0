import { describe, expect, test } from "vitest";
import type { AppId, ChannelName } from "@sealcast/protocol";
import { FakeClock, startSocketless, testApp, type FakeClient } from "@sealcast/server-testing";
import type { Publication } from "../ports/broker.ts";
import { SubscriptionCounts } from "./subscription-counts.ts";

const crowded = "a" as ChannelName;

/** What servers share, and the counts that they announce. */
function announcingEngine(count: () => number): {
  announced: string[];
  engine: ConstructorParameters<typeof SubscriptionCounts>[1];
} {
  const announced: string[] = [];
  const ids = new Set<string>();
  const announce = ({ message }: Publication): void => {
    announced.push(message.replace(/\D+/g, ""));
  };
  const engine = {
    publish: (_: AppId, publications: readonly Publication[]) => {
      for (const publication of publications) announce(publication);
      return [];
    },
    publishOnce: (_: AppId, publication: Publication) => {
      const { id = "" } = publication;
      const isNew = !ids.has(id);
      ids.add(id);
      if (isNew) announce(publication);
      return isNew;
    },
    channel: () => ({ channel: crowded, subscriptions: count(), users: 0 }),
  };
  return { announced, engine };
}

function countsOn(engine: ConstructorParameters<typeof SubscriptionCounts>[1], clock: FakeClock): SubscriptionCounts {
  const observer = { wants: () => false, observe: () => undefined };
  return new SubscriptionCounts({ byId: () => testApp() }, engine, clock, observer);
}

/** The counts that the client got, in order. */
function countsFor(client: FakeClient): number[] {
  return client
    .take()
    .filter(({ event }) => event === "pusher_internal:subscription_count")
    .map(({ data }) => (data as { subscription_count: number }).subscription_count);
}

/** A channel with a subscriber who listens, and as many others; what was announced so far is taken. */
async function crowdOf(others: number): Promise<{
  listener: FakeClient;
  others: FakeClient[];
  newcomer: () => FakeClient;
  advance: (ms: number) => void;
}> {
  const { connect, clock } = await startSocketless({ settings: { activityTimeoutSeconds: 3_600 } });
  const newcomer = (): FakeClient => {
    const client = connect();
    client.subscribe("a");
    return client;
  };
  const listener = newcomer();
  const crowd = Array.from({ length: others }, newcomer);
  clock.advance(60_000);
  countsFor(listener);
  return { listener, others: crowd, newcomer, advance: (ms) => clock.advance(ms) };
}

describe("subscription counts", () => {
  test("[COUNT1] every change is announced, to the newcomer after its own answer", async () => {
    const { listener, newcomer } = await crowdOf(0);
    const client = newcomer();
    expect(client.take().map(({ event }) => event)).toEqual([
      "pusher_internal:subscription_succeeded",
      "pusher_internal:subscription_count",
    ]);
    client.unsubscribe("a");
    expect(client.take()).toEqual([]);
    newcomer().drop();
    expect(countsFor(listener)).toEqual([2, 1, 2, 1]);
  });

  test("[COUNT1] the last announcement of a crowd has the current count, whichever server reported changes before", () => {
    const clock = new FakeClock();
    const { announced, engine } = announcingEngine(() => 152);
    const counts = countsOn(engine, clock);
    counts.changed(testApp().id, crowded, 149);
    // The next changes, to 151 and 152, are reported on another server.
    counts.changed(testApp().id, crowded, 150);
    clock.advance(5_000);
    expect(announced).toEqual(["149", "152"]);
  });

  test("[COUNT3] several servers announce the count of a crowd once in five seconds, and the last change in the end", () => {
    const clock = new FakeClock();
    let count = 150;
    const { announced, engine } = announcingEngine(() => count);
    const servers = [1, 2, 3].map(() => countsOn(engine, clock));
    const change = (): void => {
      for (const server of servers) {
        count += 1;
        server.changed(testApp().id, crowded, count);
      }
    };
    for (let second = 0; second < 20; second += 1) {
      change();
      clock.advance(1_000);
    }
    // At most one in each interval of five seconds, the one that has begun included.
    expect(announced.length).toBeGreaterThan(3);
    expect(announced.length).toBeLessThanOrEqual(5);
    clock.advance(30_000);
    expect(announced.at(-1)).toBe("210");
    const settled = announced.length;
    expect(settled).toBeLessThanOrEqual(11);
    clock.advance(60_000);
    expect(announced).toHaveLength(settled);
  });

  test("[COUNT1] connections are counted, not users", async () => {
    const { connect } = await startSocketless();
    const [one, two] = [connect(), connect()];
    for (const client of [one, two]) {
      client.signIn({ id: "ada" });
      client.subscribe("a");
    }
    expect(countsFor(two)).toEqual([2]);
  });

  test.each(["presence-a", "presence-cache-a", "#server-to-user-ada"])("[COUNT2] %s has none", async (channel) => {
    const { connect } = await startSocketless();
    const [one, two] = [connect(), connect()];
    for (const client of [one, two]) {
      client.signIn({ id: "ada" });
      client.subscribe(channel);
    }
    expect(countsFor(one)).toEqual([]);
  });

  test("[COUNT1] an app that has not turned them on has none", async () => {
    const { connect } = await startSocketless({ apps: [testApp({ subscriptionCount: false })] });
    const client = connect();
    client.subscribe("a");
    expect(countsFor(client)).toEqual([]);
  });

  test("[COUNT3] up to 100 subscribers every change is announced", async () => {
    const { listener, newcomer } = await crowdOf(97);
    newcomer();
    newcomer();
    expect(countsFor(listener)).toEqual([99, 100]);
  });

  test("[COUNT3] above 100, the first change is announced at once, and the latest five seconds later", async () => {
    const { listener, newcomer, advance } = await crowdOf(100);
    for (let count = 0; count < 10; count += 1) newcomer();
    expect(countsFor(listener)).toEqual([102]);
    advance(4_999);
    expect(countsFor(listener)).toEqual([]);
    advance(1);
    expect(countsFor(listener)).toEqual([111]);
    newcomer();
    advance(5_000);
    expect(countsFor(listener)).toEqual([112]);
    advance(60_000);
    expect(countsFor(listener)).toEqual([]);
    newcomer();
    expect(countsFor(listener)).toEqual([113]);
  });

  test("[COUNT3] a count that waits is never announced after a newer one", async () => {
    const { listener, others, advance } = await crowdOf(103);
    for (const client of others.slice(0, 5)) client.drop();
    expect(countsFor(listener)).toEqual([103, 100, 99]);
    advance(60_000);
    expect(countsFor(listener)).toEqual([]);
  });

  test("[COUNT3] an emptied channel tells nothing of its past", async () => {
    const { listener, others, newcomer, advance } = await crowdOf(102);
    for (const client of others) client.drop();
    listener.drop();
    const late = newcomer();
    advance(60_000);
    expect(countsFor(late)).toEqual([1]);
  });

  test("[COUNT3] each channel has its own interval, and no timer outlives the changes", async () => {
    const { connect, clock } = await startSocketless({ settings: { activityTimeoutSeconds: 3_600 } });
    const timers = clock.timers;
    const clients = Array.from({ length: 102 }, connect);
    for (const client of clients) for (const channel of ["a", "b"]) client.subscribe(channel);
    expect(clock.timers).toBe(timers + 2);
    clock.advance(60_000);
    expect(clock.timers).toBe(timers);
  });
});
