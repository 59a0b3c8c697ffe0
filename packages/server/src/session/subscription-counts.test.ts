import { describe, expect, test } from "vitest";
import type { AppId, ChannelName } from "@sealcast/protocol";
import { FakeClock, startSocketless, testApp, type FakeClient } from "@sealcast/server-testing";
import type { Publication } from "../ports/broker.ts";
import { SubscriptionCounts } from "./subscription-counts.ts";

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
    const announced: string[] = [];
    const engine = {
      publish: (_: AppId, [publication]: readonly Publication[]) => {
        announced.push(publication?.message.replace(/\D+/g, "") ?? "");
        return [];
      },
      history: () => "unavailable" as const,
      channel: () => ({ channel, subscriptions: 152, users: 0 }),
    };
    const channel = "a" as ChannelName;
    const counts = new SubscriptionCounts({ byId: () => testApp() }, engine, clock, {
      wants: () => false,
      observe: () => undefined,
    });
    counts.changed(testApp().id, channel, 149);
    // The next changes, to 151 and 152, are reported on another server.
    counts.changed(testApp().id, channel, 150);
    clock.advance(5_000);
    expect(announced).toEqual(["149", "152"]);
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
