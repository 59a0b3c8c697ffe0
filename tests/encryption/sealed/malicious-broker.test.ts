import { afterEach, describe, expect, test, vi } from "vitest";
import { SeededRandom } from "../../fixtures/seeded-random.ts";
import { attacks } from "./attacks.ts";
import { startMaliciousBroker, type Attack, type MaliciousBroker } from "./malicious-broker.ts";
import { startSealedApp, type SealedApp } from "./sealed-app.ts";

let app: SealedApp;
let broker: MaliciousBroker;
afterEach(async () => {
  await app.close();
  await broker.close();
});

const attackedSeconds = Number(process.env["ATTACKED_SECONDS"] ?? 0);
const channels = ["private-sealed-a", "private-sealed-b"];
const numbersOf = (events: readonly { readonly data: unknown }[]): number[] =>
  events.map(({ data }) => (data as { n: number }).n);
const settled = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 15_000, interval: 20 });

/** For each attack, what subscribers report. Without a reason, nothing is reported. */
const reasons: readonly [attack: string, expected: readonly string[]][] = [
  ["repeat at once", ["replay"]],
  ["replay any earlier event", ["replay"]],
  ["rename an event", ["auth-failed"]],
  ["pass a server event off as a client event", ["kind"]],
  ["change the version or kind", ["version", "kind"]],
  ["change nonce or ciphertext", ["auth-failed"]],
  ["cut the end off", ["auth-failed", "malformed"]],
  ["append bytes", ["auth-failed"]],
  ["downgrade to plaintext", ["malformed"]],
  ["downgrade to the official scheme", ["malformed"]],
  ["forge an event of the server", []],
  ["pollute prototypes", ["malformed"]],
  ["send a deep or long value", ["malformed"]],
  ["drop", []],
];

describe("a malicious broker", () => {
  test.each(reasons)("[SEAL5] that can %s is reported as %j", async (name, expected) => {
    const random = new SeededRandom();
    const attack: Attack = attacks[name] ?? (() => []);
    // One event arrives unharmed, the second one is attacked.
    let count = 0;
    app = await startSealedApp();
    const once: Attack = (message, seen, given) => ((count += 1) === 1 ? [message] : attack(message, seen, given));
    broker = await startMaliciousBroker(app.server.port, { once }, random);
    const subscriber = app.subscribe(channels[0] ?? "", "ada", { url: broker.url });
    await subscriber.subscribed();
    for (const n of [1, 2]) await app.publisher.trigger(channels[0] ?? "", "e", { n });
    await settled(() => expect(count).toBe(2));
    await settled(() => expect(new Set(subscriber.errors).size).toBe(Math.min(expected.length, 1)));
    expect(expected).toEqual(expect.arrayContaining(subscriber.errors));
    const numbers = numbersOf(subscriber.events);
    expect(numbers).toEqual(numbers.includes(2) ? [1, 2] : [1]);
    expect(subscriber.events.map(({ event }) => event)).toEqual(numbers.map(() => "e"));
    expect(app.requests.count).toBe(1);
  });

  test(
    "[SEAL5] [SEAL7] whatever it does, nothing is accepted twice or changed, and a fair broker loses nothing",
    async () => {
      const random = new SeededRandom();
      const startMs = performance.now();
      console.log(`Attacks of the malicious broker: SEED=${random.seed}`);
      app = await startSealedApp();
      broker = await startMaliciousBroker(app.server.port, attacks, random);
      const direct = channels.map((channel) => app.subscribe(channel, "fair"));
      const attacked = channels.map((channel) => app.subscribe(channel, "ada", { url: broker.url }));
      await Promise.all([...direct, ...attacked].map(({ subscribed }) => subscribed()));
      // `npm run soak` goes on for a minute.
      const endMs = performance.now() + attackedSeconds * 1_000;
      let perChannel = 0;
      while (perChannel < 200 || performance.now() < endMs) {
        await app.publisher.trigger(channels, "e", { n: (perChannel += 1) });
      }
      const all = Array.from({ length: perChannel }, (_, index) => index + 1);
      for (const { events, errors } of direct) {
        await settled(() => expect(numbersOf(events)).toEqual(all));
        expect(errors).toEqual([]);
      }
      await settled(() =>
        expect([...broker.used.values()].reduce((sum, count) => sum + count, 0)).toBe(2 * perChannel),
      );
      for (const { events } of attacked) {
        const numbers = numbersOf(events);
        expect(new Set(numbers).size).toBe(numbers.length);
        expect(numbers.every((n) => Number.isInteger(n) && n >= 1 && n <= perChannel)).toBe(true);
        expect(events.every(({ event }) => event === "e")).toBe(true);
      }
      expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain("polluted");
      expect([...broker.used.keys()].toSorted()).toEqual(Object.keys(attacks).toSorted());
      // Unknown key ids make clients ask for keys, within their budget.
      const minutes = Math.ceil((performance.now() - startMs) / 60_000);
      expect(app.requests.count).toBeLessThanOrEqual(4 + 2 * 20 * minutes);
    },
    60_000 + attackedSeconds * 2_000,
  );
});
