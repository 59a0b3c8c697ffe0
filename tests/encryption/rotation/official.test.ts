import { afterEach, describe, expect, test, vi } from "vitest";
import { compare, BackendFleet, twoKeys, type FleetOptions } from "./simulation.ts";
import type { OfficialSubscriber } from "./official-subscriber.ts";
import { promoteOneByOne, replaceOneByOne, switchAtOneInstant, type RollOut } from "./roll-outs.ts";

/*
 * What changing the master key costs subscribers with the official client, which keeps one secret and asks for another
 * when an event does not open. The ways A to E differ in how a fleet gets from the old key to the next. (The way F is A
 * with a shorter hold time of our own client, and tested with that.)
 */

const channel = "private-encrypted-orders";
const seeds = Array.from({ length: 6 }, (_, index) => index + 1);

afterEach(() => {
  vi.unstubAllGlobals();
});

function build(options: Omit<FleetOptions, "encryption">, encryption: FleetOptions["encryption"]): BackendFleet {
  return new BackendFleet({ ...options, encryption }, (name, value) => void vi.stubGlobal(name, value));
}

/** Three subscribers, about 100 events a second, the change in the middle. Returns the greatest loss of the three. */
async function rotate(
  options: Omit<FleetOptions, "encryption">,
  rollOut: RollOut,
  durationMs = 4_000,
): Promise<{ lost: number; repeated: number; keyRequests: number; sent: number }> {
  const keys = twoKeys();
  const fleet = build(options, { ring: [{ key: keys[0] }] });
  rollOut(fleet, fleet.time.nowMs + 500 + durationMs / 2, keys);
  const subscribers = [1, 2, 3].map(() => fleet.subscribe(channel));
  await fleet.time.run(fleet.time.nowMs + 500);
  await fleet.publishFor(durationMs, 10, channel);
  await fleet.settle();
  const results = subscribers.map(({ received }) => compare(fleet.sent, received));
  return {
    lost: Math.max(...results.map(({ lost }) => lost)),
    repeated: Math.max(...results.map(({ repeated }) => repeated)),
    keyRequests: Math.max(...subscribers.map(({ keyRequests }) => keyRequests)),
    sent: fleet.sent.length,
  };
}

describe("one instant and a rotation pause", () => {
  const fleets = [2, 5, 10].flatMap((backends) => seeds.map((seed) => ({ backends, seed })));

  test.each(fleets)("E: lose nothing with clocks 200 ms off, %j", async (fleet) => {
    const result = await rotate({ ...fleet, skewMs: 200 }, switchAtOneInstant(1_000));
    expect(result).toMatchObject({ lost: 0, repeated: 0, sent: 400 });
    expect(result.keyRequests).toBeLessThanOrEqual(8);
  });

  test.each(fleets)(
    "C: lose nothing with clocks 20 ms off and the shortest rotation pause for that, %j",
    async (fleet) => {
      // Twice the greatest difference of two clocks, and twice the 20 ms that an event takes at most.
      const result = await rotate({ ...fleet, skewMs: 20 }, switchAtOneInstant(2 * 40 + 2 * 20));
      expect(result).toMatchObject({ lost: 0, repeated: 0 });
    },
  );

  test("lose none of 10,000 events", async () => {
    const result = await rotate({ seed: 7, backends: 5, skewMs: 200 }, switchAtOneInstant(1_000), 100_000);
    expect(result).toMatchObject({ lost: 0, repeated: 0, sent: 10_000 });
  });
});

describe("other ways lose events", () => {
  test.each(seeds)("C without a rotation pause: one at most with clocks 20 ms off, seed %i", async (seed) => {
    expect((await rotate({ seed, backends: 10, skewMs: 20 }, switchAtOneInstant(0))).lost).toBeLessThanOrEqual(1);
  });

  test.each([
    ["A", replaceOneByOne, 20],
    ["B", promoteOneByOne, 20],
    ["D", switchAtOneInstant(0), 200],
  ])("%s", async (_, rollOut, skewMs) => {
    for (const seed of seeds) expect((await rotate({ seed, backends: 10, skewMs }, rollOut)).lost).toBeGreaterThan(0);
  });
});

describe("a rotation with a rotation pause", () => {
  const rotationPauseMs = 1_000;
  const options = { seed: 3, backends: 5, skewMs: 200 };

  /** A fleet whose ring holds keys that follow one another at these times from its start. */
  function fleetSwitchingAt(times: readonly number[], seed = options.seed): { fleet: BackendFleet; startMs: number } {
    const [old, next] = twoKeys();
    const [third] = twoKeys();
    const keys = [old, next, third];
    const probe = build(options, { ring: [{ key: old }] });
    const startMs = probe.time.nowMs;
    const ring = [{ key: old }, ...times.map((time, index) => ({ key: keys[index + 1] ?? "", from: startMs + time }))];
    return { fleet: build({ ...options, seed }, { ring, rotationPauseMs }), startMs };
  }

  test.each(seeds)("serves clients that subscribe at any moment around it, seed %i", async (seed) => {
    const { fleet, startMs } = fleetSwitchingAt([2_000], seed);
    const joined: { readonly atMs: number; readonly subscriber: OfficialSubscriber }[] = [];
    for (let atMs = 1_500; atMs <= 3_500; atMs += 50) {
      fleet.time.after(() => joined.push({ atMs, subscriber: fleet.subscribe(channel) }), atMs);
    }
    const sentAt = new Map<unknown, number>();
    for (let atMs = 10; atMs <= 4_000; atMs += 10) {
      fleet.time.after(() => {
        sentAt.set(atMs, fleet.time.nowMs - startMs);
        fleet.publish(channel, atMs);
      }, atMs);
    }
    await fleet.time.run(startMs + 4_100);
    await fleet.settle();
    expect(joined).toHaveLength(41);
    for (const { atMs, subscriber } of joined) {
      // Connecting, asking for the key and subscribing take less than 150 ms here.
      const sinceJoining = fleet.sent.filter((value) => (sentAt.get(value) ?? 0) > atMs + 150);
      expect(compare(sinceJoining, subscriber.received).lost, `joined at ${atMs} ms`).toBe(0);
    }
  });

  test("serves clients that are disconnected during it and come back", async () => {
    const { fleet, startMs } = fleetSwitchingAt([2_000]);
    const subscriber = fleet.subscribe(channel);
    fleet.time.after(() => subscriber.disconnect(), 1_500);
    fleet.time.after(() => subscriber.connect(), 3_500);
    await fleet.time.run(startMs + 500);
    fleet.publish(channel, "before");
    await fleet.time.run(startMs + 4_000);
    fleet.publish(channel, "after");
    await fleet.settle();
    expect(subscriber.received).toEqual(["before", "after"]);
  });

  test("may be followed by another within the overlap", async () => {
    const { fleet, startMs } = fleetSwitchingAt([1_500, 4_000]);
    const subscriber = fleet.subscribe(channel);
    await fleet.time.run(startMs + 500);
    await fleet.publishFor(6_000, 10, channel);
    await fleet.settle();
    expect(compare(fleet.sent, subscriber.received)).toEqual({ lost: 0, repeated: 0 });
  });

  test("may be taken back, by another to the old key", async () => {
    const [old, next] = twoKeys();
    const fleet = build(options, { ring: [{ key: old }], rotationPauseMs });
    const startMs = fleet.time.nowMs;
    const subscriber = fleet.subscribe(channel);
    const replaceAll = (ring: FleetOptions["encryption"]["ring"]): void => {
      for (const { sealcast } of fleet.backends) sealcast.replaceRing({ ring, rotationPauseMs });
    };
    replaceAll([{ key: old }, { key: next, from: startMs + 1_500 }]);
    fleet.time.after(() => replaceAll([{ key: next }, { key: old, from: startMs + 5_000 }]), 3_500);
    await fleet.time.run(startMs + 500);
    await fleet.publishFor(6_500, 10, channel);
    await fleet.settle();
    expect(compare(fleet.sent, subscriber.received)).toEqual({ lost: 0, repeated: 0 });
  });

  test("may come in the middle of a batch", async () => {
    const { fleet, startMs } = fleetSwitchingAt([2_000]);
    const subscriber = fleet.subscribe(channel, `${channel}-2`);
    const events = Array.from({ length: 30 }, (_, index) => ({
      channel: index % 3 === 0 ? `${channel}-2` : channel,
      name: "e",
      data: index + 1,
    }));
    // Each backend sends while its own clock passes the switch.
    for (const [index, { sealcast, skewMs }] of fleet.backends.entries()) {
      const numbered = events.map((event) => ({ ...event, data: event.data + index * 100 }));
      fleet.sent.push(...numbered.map(({ data }) => data));
      fleet.time.after(() => void sealcast.triggerBatch(numbered), 2_000 - skewMs - 15);
    }
    await fleet.time.run(startMs + 2_000);
    await fleet.settle();
    expect(compare(fleet.sent, subscriber.received)).toEqual({ lost: 0, repeated: 0 });
  });

  test("reaches each channel at its own time if it is staggered", async () => {
    const [old, next] = twoKeys();
    const names = Array.from({ length: 8 }, (_, index) => `private-encrypted-${index}`);
    const probe = build(options, { ring: [{ key: old }] });
    const from = probe.time.nowMs + 1_000;
    const fleet = build(options, { ring: [{ key: old }, { key: next, from }], rotationPauseMs, staggerMs: 4_000 });
    const subscriber = fleet.subscribe(...names);
    await fleet.time.run(fleet.time.nowMs + 500);
    for (let round = 0; round < 80; round += 1) {
      for (const name of names) fleet.publish(name, `${name} ${round}`);
      await fleet.time.run(fleet.time.nowMs + 100);
    }
    await fleet.settle();
    expect(compare(fleet.sent, subscriber.received)).toEqual({ lost: 0, repeated: 0 });
  });
});

describe("[R6] the kept event of a cache channel", () => {
  const cache = "private-encrypted-cache-price";

  /** What somebody sees who joins after the switch, and how many events that took. */
  async function joinAfterSwitch(republish: boolean): Promise<{ late: unknown[]; early: unknown[] }> {
    const [old, next] = twoKeys();
    const options = { seed: 5, backends: 5, skewMs: 50 };
    const probe = build(options, { ring: [{ key: old }] });
    const fleet = build(options, {
      ring: [{ key: old }, { key: next, from: probe.time.nowMs + 2_000 }],
      rotationPauseMs: 500,
    });
    const early = fleet.subscribe(cache);
    await fleet.time.run(fleet.time.nowMs + 500);
    fleet.publish(cache, "kept");
    const backends = republish ? fleet.backends : [];
    const done = backends.map(({ sealcast }) => sealcast.republish([{ channel: cache, event: "e" }], "after-rotation"));
    await fleet.time.run(fleet.time.nowMs + 3_000);
    const late = fleet.subscribe(cache);
    await fleet.settle();
    await Promise.all(done);
    return { late: late.received, early: early.received };
  }

  test("cannot be read by official clients that join after a switch", async () => {
    expect((await joinAfterSwitch(false)).late).toEqual([]);
  });

  test("can, once backends have published it again", async () => {
    const { late, early } = await joinAfterSwitch(true);
    expect(late).toEqual(["kept"]);
    expect(new Set(early)).toEqual(new Set(["kept"]));
  });
});
