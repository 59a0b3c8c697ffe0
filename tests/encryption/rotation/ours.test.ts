import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { compare, twoKeys, type BackendFleet } from "./simulation.ts";
import { channelName, everyMs, judge, rotate, startFleet } from "./our-simulation.ts";
import { promoteOneByOne, replaceOneByOne, switchAtOneInstant } from "./roll-outs.ts";
import { OurSubscriber } from "./our-subscriber.ts";

// Loading authorization and cipher takes real time, which a simulation does not have.
beforeAll(() => import("../../../packages/client/src/auth/batched-authorization.ts"));
beforeAll(() => import("@sealcast/client/encryption"));
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const join = (fleet: BackendFleet): OurSubscriber => new OurSubscriber(fleet, channelName);
const joinAsOfficial = (fleet: BackendFleet): OurSubscriber => new OurSubscriber(fleet, channelName, {}, false);

/** How a fleet gets from the old key to the next, and how far its clocks are off, in milliseconds. */
const ways = [
  ["A: replaced server by server", replaceOneByOne, 20],
  ["B: promoted server by server", promoteOneByOne, 20],
  ["C: one instant", switchAtOneInstant(0), 20],
  ["D: one instant, clocks apart", switchAtOneInstant(0), 200],
  ["E: one instant, a quiet second", switchAtOneInstant(1_000), 200],
] as const;

describe.each(ways)("%s", (_, rollOut, skewMs) => {
  test.each([
    [2, 1_000],
    [5, 10_000],
    [10, 1_000],
  ])(
    "with %i servers loses none of %i events",
    async (backends, events) => {
      const result = await rotate({ seed: backends, backends, skewMs }, rollOut, join, events * everyMs);
      expect(result).toMatchObject({ sent: events, lost: 0, repeated: 0, outOfOrder: 0, late: 0 });
    },
    60_000,
  );

  test.each([1, 2, 3, 4, 5, 6])("loses nothing where servers hand out one key, either (seed %i)", async (seed) => {
    const result = await rotate({ seed, backends: 10, skewMs }, rollOut, joinAsOfficial);
    expect(result).toMatchObject({ lost: 0, repeated: 0, outOfOrder: 0 });
  });
});

test("B to E: keys that are announced are there before their first event, so that nothing waits", async () => {
  for (const [, rollOut, skewMs] of ways.slice(1)) {
    const result = await rotate({ seed: 9, backends: 5, skewMs }, rollOut, join);
    expect(result).toMatchObject({ lost: 0, late: 0 });
    expect(result.keyRequests).toBeLessThanOrEqual(4);
  }
});

test("F: as A, but events wait for only 0.3 seconds: some are lost and reported", async () => {
  let lost = 0;
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    let subscriber: OurSubscriber | undefined;
    const hasty = (fleet: BackendFleet): OurSubscriber =>
      (subscriber = new OurSubscriber(fleet, channelName, { holdMs: 300, orderHoldMs: 300 }, false));
    const result = await rotate({ seed, backends: 10, skewMs: 20 }, replaceOneByOne, hasty);
    expect(result).toMatchObject({ repeated: 0, outOfOrder: 0 });
    expect(subscriber?.errors).toEqual(Array.from({ length: result.lost }, () => ({ reason: "no-key", event: "e" })));
    lost += result.lost;
  }
  expect(lost).toBeGreaterThan(0);
});

describe("a rotation", () => {
  const options = { seed: 3, backends: 5, skewMs: 200 };

  /** A fleet whose every backend holds keys that follow one another at these times from its start. */
  function fleetSwitchingAt(
    times: readonly number[],
    seed = options.seed,
  ): { fleet: BackendFleet; startMs: number; keys: string[] } {
    const keys = [...twoKeys(), ...twoKeys()];
    const probe = startFleet(options, { ring: [{ key: keys[0] ?? "" }] });
    const startMs = probe.time.nowMs;
    const ring = [
      { key: keys[0] ?? "" },
      ...times.map((time, index) => ({ key: keys[index + 1] ?? "", from: startMs + time })),
    ];
    return { fleet: startFleet({ ...options, seed }, { ring, rotationPauseMs: 0 }), startMs, keys };
  }

  const nothingMissed = { lost: 0, repeated: 0, outOfOrder: 0 };

  test("loses no event while the client is away", async () => {
    const { fleet, startMs } = fleetSwitchingAt([2_000]);
    const { client, received } = joinAsOfficial(fleet);
    fleet.time.after(() => client.disconnect(), 1_500);
    fleet.time.after(() => client.connect(), 3_500);
    await fleet.time.run(startMs + 500);
    fleet.publish(channelName, "before");
    await fleet.time.run(startMs + 4_000);
    fleet.publish(channelName, "after");
    await fleet.settle();
    expect(received).toEqual(["before", "after"]);
  });

  test("loses no event if there are three within one overlap", async () => {
    const { fleet, startMs, keys } = fleetSwitchingAt([1_500, 2_500, 3_500]);
    const subscriber = joinAsOfficial(fleet);
    await fleet.time.run(startMs + 500);
    await fleet.publishFor(5_000, 10, channelName);
    await fleet.settle();
    expect(judge(fleet, subscriber, keys)).toMatchObject(nothingMissed);
  });

  test("loses no event if it goes back to the old key, as when a deployment is rolled back", async () => {
    const keys = twoKeys();
    const fleet = startFleet(options, { ring: [{ key: keys[0] }] });
    const startMs = fleet.time.nowMs;
    const subscriber = joinAsOfficial(fleet);
    replaceOneByOne(fleet, startMs + 1_000, keys);
    replaceOneByOne(fleet, startMs + 3_000, [keys[1], keys[0]]);
    await fleet.time.run(startMs + 500);
    await fleet.publishFor(6_000, 10, channelName);
    await fleet.settle();
    expect(judge(fleet, subscriber, keys)).toMatchObject(nothingMissed);
  });

  test.each([1, 2, 3])(
    "loses no event while clients connect, ask for their first key and subscribe (seed %i)",
    async (seed) => {
      const { fleet, startMs } = fleetSwitchingAt([2_000], seed);
      const joined: { readonly atMs: number; readonly subscriber: OurSubscriber }[] = [];
      for (let atMs = 1_500; atMs <= 2_500; atMs += 50) {
        fleet.time.after(() => joined.push({ atMs, subscriber: join(fleet) }), atMs);
      }
      const sentAt = new Map<unknown, number>();
      for (let atMs = 10; atMs <= 3_500; atMs += 10) {
        fleet.time.after(() => {
          sentAt.set(atMs, fleet.time.nowMs - startMs);
          fleet.publish(channelName, atMs);
        }, atMs);
      }
      await fleet.time.run(startMs + 3_600);
      await fleet.settle();
      expect(joined).toHaveLength(21);
      for (const { atMs, subscriber } of joined) {
        const sinceJoining = fleet.sent.filter((value) => (sentAt.get(value) ?? 0) > atMs + 150);
        expect(compare(sinceJoining, subscriber.received).lost, `joined at ${atMs} ms`).toBe(0);
      }
    },
  );

  test("loses no event if it begins in the middle of a batch", async () => {
    const { fleet, startMs, keys } = fleetSwitchingAt([2_000]);
    const subscriber = joinAsOfficial(fleet);
    for (const [index, { sealcast, skewMs }] of fleet.backends.entries()) {
      const events = Array.from({ length: 30 }, (_, event) => ({
        channel: channelName,
        name: "e",
        data: index * 100 + event,
      }));
      fleet.sent.push(...events.map(({ data }) => data));
      fleet.time.after(() => void sealcast.triggerBatch(events), 2_000 - skewMs - 15);
    }
    await fleet.time.run(startMs + 2_000);
    await fleet.settle();
    expect(judge(fleet, subscriber, keys)).toMatchObject(nothingMissed);
  });

  test("leaves the cached event readable to clients that join later", async () => {
    const name = "private-encrypted-cache-price";
    const { fleet, startMs } = fleetSwitchingAt([2_000]);
    await fleet.time.run(startMs + 500);
    fleet.publish(name, "cached");
    await fleet.time.run(startMs + 5_000);
    const { received } = new OurSubscriber(fleet, name);
    await fleet.settle();
    expect(received).toEqual(["cached"]);
  });

  test("to a key that no endpoint ever hands out costs 20 requests a minute, and then the events", async () => {
    const [old, next] = twoKeys();
    const fleet = startFleet({ ...options, backends: 2 }, { ring: [{ key: old }] });
    const startMs = fleet.time.nowMs;
    const subscriber = join(fleet);
    await fleet.time.run(startMs + 500);
    const [publisher, endpoint] = fleet.backends;
    if (!publisher || !endpoint) throw new Error("Two backends are needed");
    vi.spyOn(fleet, "anyBackend").mockReturnValue(endpoint);
    publisher.sealcast.replaceRing({ ring: [{ key: next }], rotationPauseMs: 0 });
    const asked = subscriber.keyRequests;
    void publisher.sealcast.trigger(channelName, "e", "unreadable");
    await fleet.time.run(startMs + 10_000);
    fleet.publish(channelName, "readable");
    await fleet.time.run(startMs + 59_000);
    expect(subscriber.keyRequests - asked).toBeLessThanOrEqual(20);
    await fleet.time.run(startMs + 62_000);
    expect(subscriber.received).toEqual(["readable"]);
    expect(subscriber.errors).toEqual([{ reason: "no-key", event: "e" }]);
  });
});
