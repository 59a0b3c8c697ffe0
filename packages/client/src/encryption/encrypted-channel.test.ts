import type { SealcastOptions } from "../index.ts";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { EncryptedClient, channel, goOn, newSecret, seal, standStill } from "../testing/encrypted-client.ts";

const [old, next] = [newSecret(), newSecret()];

// Loading the cipher takes no time later on.
beforeAll(() => import("./index.ts"));
beforeEach(standStill);
afterEach(goOn);

const startClient = (options?: Partial<SealcastOptions>): Promise<EncryptedClient> =>
  new EncryptedClient(old, options).start();

describe("events", () => {
  test.each([[{ a: [1, "é😀"] }], ["text"], [0], [false], [null], [""], [[]]])("carry %j", async (value) => {
    const it = await startClient();
    const calls: unknown[][] = [];
    it.channel.bind("e", (...values) => calls.push(values));
    await it.event(seal(old, value));
    expect(calls).toEqual([[value, {}]]);
  });

  test("reach client-wide listeners opened, and none that is not sealed", async () => {
    const it = await startClient();
    const received: unknown[] = [];
    it.client.bind("e", (data) => received.push(data));
    await it.event("plain");
    await it.event({ nonce: "x", ciphertext: "y" });
    it.socket.raw(JSON.stringify({ event: "e", channel: "private-encrypted-other", data: '"plain"' }));
    await it.event(seal(old, 1));
    expect(received).toEqual([1]);
  });

  test("[C2] open with any key that the endpoint hands out", async () => {
    const it = new EncryptedClient(old);
    Object.assign(it, { secrets: [next, old], refreshMs: 60_000 });
    await it.start();
    await it.event(seal(old, 1));
    await it.event(seal(next, 2));
    expect(it.received).toEqual([1, 2]);
    expect(it.asked).toBe(1);
  });
});

describe("an event under a key that is not there", () => {
  test("[C3] [C6] is held, and comes in order once the endpoint has it", async () => {
    const it = await startClient();
    it.secrets = [next];
    it.status = 503;
    await it.event(seal(next, 1));
    await it.event(seal(old, 2));
    expect(it.received).toEqual([]);
    it.status = 200;
    await it.pass(2_000);
    expect(it.received).toEqual([1, 2]);
    expect(it.channel.counters).toMatchObject({ opened: 2, held: 2, late: 0 });
    // The old key still opens what was sealed before.
    await it.event(seal(old, 3));
    expect(it.received).toEqual([1, 2, 3]);
  });

  test("[C4] comes late, and says so, where others had to wait for too long", async () => {
    const it = await startClient();
    const late: unknown[] = [];
    it.channel.bind("e", (data, metadata) => late.push([data, metadata]));
    await it.event(seal(next, 1));
    await it.event(seal(old, 2));
    await it.pass(2_000);
    expect(it.received).toEqual([2]);
    it.secrets = [next];
    await it.pass(10_000);
    expect(late).toEqual([
      [2, {}],
      [1, { late: true }],
    ]);
    expect(it.channel.counters.late).toBe(1);
  });

  test("[C7] is dropped after a minute, with a reason and without its payload", async () => {
    const it = await startClient();
    await it.event(seal(next, "hidden"));
    await it.pass(59_999);
    expect(it.errors).toEqual([]);
    await it.pass(1);
    expect(it.errors).toEqual([{ reason: "no-key", event: "e" }]);
    expect(it.channel.counters.dropped).toEqual({ malformed: 0, "no-key": 1, overflow: 0 });
    await it.event(seal(old, "next"));
    expect(it.received).toEqual(["next"]);
  });

  test("[C4] waits as long as the options say", async () => {
    const it = await startClient({ holdMs: 300, orderHoldMs: 100 });
    await it.event(seal(next, 1));
    await it.event(seal(old, 2));
    await it.pass(100);
    expect(it.received).toEqual([2]);
    await it.pass(200);
    expect(it.errors).toEqual([{ reason: "no-key", event: "e" }]);
  });

  test.each([200, 500])("[C5] leads to 20 requests in a minute at most, with status %i", async (status) => {
    const it = await startClient();
    it.status = status;
    const before = it.asked;
    for (let event = 0; event < 1_000; event += 1) {
      it.socket.message("e", seal(next, event), channel);
      if (event % 10 === 0) await it.pass(100);
    }
    await it.pass(49_999);
    expect(it.asked - before).toBeLessThanOrEqual(20);
    expect(it.asked - before).toBeGreaterThan(10);
    expect(it.channel.counters.fetches).toBe(it.asked - before);
  });

  test("[C10] survives an endpoint that is down", async () => {
    const it = await startClient();
    it.status = 500;
    await it.event(seal(next, 1));
    await it.pass(20_000);
    Object.assign(it, { status: 200, secrets: [next] });
    await it.pass(20_000);
    expect(it.received).toEqual([1]);
  });

  test("ends the subscription where the endpoint says no: keys are wiped and nothing comes any more", async () => {
    const it = await startClient();
    await it.event(seal(next, 1));
    await it.event(seal(old, 2));
    it.status = 403;
    await it.pass(10_000);
    expect(it.errors).toEqual([expect.objectContaining({ type: "AuthError", status: 403 })]);
    expect(it.channel.subscribed).toBe(false);
    expect(it.socket.take()).toContainEqual({ event: "pusher:unsubscribe", data: { channel } });
    Object.assign(it, { status: 200, secrets: [next, old] });
    await it.event(seal(old, 3));
    await it.pass(100_000);
    expect(it.received).toEqual([]);
    expect(it.errors).toHaveLength(1);
  });
});

test("a listener that throws loses no event of others", async () => {
  const it = await startClient();
  it.channel.bind("e", (data) => {
    if (data === 1) throw new Error("mine");
  });
  it.socket.message("e", seal(next, 1), channel);
  it.socket.message("e", seal(next, 2), channel);
  const uncaught = new Promise((resolve) => process.once("unhandledRejection", resolve));
  it.secrets = [next];
  await it.pass(3_000);
  expect(await uncaught).toMatchObject({ message: "mine" });
  expect(it.received).toEqual([1, 2]);
});
