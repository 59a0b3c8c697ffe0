import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createReorderBuffer, type Opening, type ReorderBuffer } from "./reorder-buffer.ts";

const limits = { holdMs: 60_000, orderHoldMs: 2_000, events: 256, characters: 10_000 };

/** Items are texts such as `1a`: event 1, sealed with key a. `!` in place of the key: malformed. */
class BufferFixture {
  readonly keys = new Set<string>();
  readonly hold: ReorderBuffer<string, Opening>;
  now = 0;
  readonly log: string[] = [];
  /** When the entries of the log were made. */
  readonly times: number[] = [];

  constructor(keys: string, bounds: Partial<typeof limits> = {}) {
    for (const key of keys) this.keys.add(key);
    this.hold = createReorderBuffer<string, Opening>({ ...limits, ...bounds }, (item) => this.#open(item));
  }

  push(...items: readonly string[]): this {
    for (const item of items) this.#record(this.hold.push(item, item.length, this.now));
    return this;
  }

  learn(key: string): this {
    this.keys.add(key);
    this.#record(this.hold.retry(this.now));
    return this;
  }

  /** Lets time pass, waking the hold when it asks for that. */
  pass(ms: number): this {
    const end = this.now + ms;
    for (let at = this.hold.deadline(this.now); at !== undefined && at <= end; at = this.hold.deadline(this.now)) {
      this.now = at;
      this.#record(this.hold.advance(at));
    }
    this.now = end;
    return this;
  }

  #open(item: string): Opening {
    const key = item.slice(-1);
    if (key === "!") return { ok: false, reason: "malformed" };
    return this.keys.has(key) ? { ok: true } : { ok: false, reason: "auth-failed" };
  }

  #record(outcomes: ReturnType<ReorderBuffer<string, Opening>["push"]>): void {
    for (const outcome of outcomes) {
      this.times.push(this.now);
      if ("dropped" in outcome) this.log.push(`${outcome.item} ${outcome.dropped}`);
      else this.log.push(outcome.late ? `${outcome.item} late` : outcome.item);
    }
  }
}

const bufferOf = (keys = "a", bounds: Partial<typeof limits> = {}): BufferFixture => new BufferFixture(keys, bounds);

describe("[C3] [C8] an event", () => {
  test("whose key is known passes at once", () => {
    expect(bufferOf().push("1a", "2a").log).toEqual(["1a", "2a"]);
    expect(bufferOf().push("1a").hold.deadline(0)).toBeUndefined();
  });

  test("that is malformed is dropped at once, and holds up nothing", () => {
    expect(bufferOf().push("1!", "2a").log).toEqual(["1! malformed", "2a"]);
  });

  test("without a key waits, and holds up the later ones", () => {
    expect(bufferOf().push("1b", "2a", "3b", "4a").log).toEqual([]);
    expect(bufferOf("").push("1a").log).toEqual([]);
  });
});

describe("[C6] a new key", () => {
  test("releases all waiting events in order", () => {
    expect(bufferOf().push("1b", "2a", "3b", "4a").learn("b").log).toEqual(["1b", "2a", "3b", "4a"]);
  });

  test("that opens only some leaves the order of the rest", () => {
    const it = bufferOf().push("1b", "2c", "3a", "4b").learn("b");
    expect(it.log).toEqual(["1b"]);
    expect(it.learn("c").log).toEqual(["1b", "2c", "3a", "4b"]);
  });

  test("may show that an event was malformed all along", () => {
    const results: Opening[] = [{ ok: false, reason: "auth-failed" }, { ok: true }, { ok: false, reason: "malformed" }];
    const hold = createReorderBuffer<string, Opening>(limits, () => results.shift() ?? { ok: true });
    expect(hold.push("x", 1, 0)).toEqual([]);
    expect(hold.push("y", 1, 0)).toEqual([]);
    expect(hold.retry(0)).toEqual([
      { item: "x", dropped: "malformed" },
      { item: "y", opened: { ok: true }, late: false },
    ]);
  });
});

describe("[C4] later events", () => {
  test("overtake after two seconds, and the late one is marked", () => {
    const it = bufferOf().push("1b", "2a").pass(1_999);
    expect(it.log).toEqual([]);
    expect(it.pass(1).log).toEqual(["2a"]);
    expect(it.pass(30_000).learn("b").log).toEqual(["2a", "1b late"]);
  });

  test("are not marked where nothing overtook", () => {
    expect(bufferOf().push("1b").pass(30_000).learn("b").log).toEqual(["1b"]);
  });

  test("are not held up by further ones while one is overdue", () => {
    const it = bufferOf().push("1b").pass(1_500).push("2b", "3a").pass(500);
    expect(it.log).toEqual(["3a"]);
    expect(it.push("4b", "5a").log).toEqual(["3a", "5a"]);
    expect(it.learn("b").log).toEqual(["3a", "5a", "1b late", "2b late", "4b late"]);
  });

  test("are held up again once the overdue one has come", () => {
    const it = bufferOf().push("1b").pass(2_000).learn("b").push("2c", "3a");
    expect(it.log).toEqual(["1b"]);
    expect(it.pass(2_000).log).toEqual(["1b", "3a"]);
  });

  test("lose two seconds a minute to a publisher whose key never comes", () => {
    const it = bufferOf();
    let heldUpMs = 0;
    for (let second = 0; second < 180; second += 1) {
      it.push(`${second}x`);
      const before = it.log.length;
      it.push(`${second}a`);
      if (it.log.length === before) heldUpMs += 1_000;
      it.pass(1_000);
    }
    expect(heldUpMs).toBe(2_000);
  });
});

describe("[C7] an event whose key does not come", () => {
  test("is dropped after a minute", () => {
    const it = bufferOf().push("1b").pass(59_999);
    expect(it.log).toEqual([]);
    expect(it.pass(1).log).toEqual(["1b no-key"]);
    expect(it.learn("b").log).toEqual(["1b no-key"]);
    expect(it.hold.deadline(it.now)).toBeUndefined();
  });
});

describe("[C4] a full hold", () => {
  test("gives up order before events", () => {
    const it = bufferOf("a", { events: 3 }).push("1b", "2a", "3a");
    expect(it.log).toEqual([]);
    expect(it.push("4a").log).toEqual(["2a", "3a", "4a"]);
    expect(it.learn("b").log).toEqual(["2a", "3a", "4a", "1b late"]);
  });

  test("drops what comes when all others wait for keys, too", () => {
    const it = bufferOf("a", { events: 2 }).push("1b", "2b", "3b");
    expect(it.log).toEqual(["3b overflow"]);
    expect(it.push("4a").log).toEqual(["3b overflow", "4a"]);
    expect(it.learn("b").log).toEqual(["3b overflow", "4a", "1b late", "2b late"]);
  });

  test("counts characters, too", () => {
    expect(bufferOf("a", { characters: 10 }).push("12345b", "67890b", "1b").log).toEqual(["67890b overflow"]);
  });
});

test("delivers each event exactly once and in order, or says why not, whatever happens", () => {
  const act = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom("a", "b", "c", "!").map((key) => ({ push: key })) },
    { weight: 2, arbitrary: fc.nat({ max: 3_000 }).map((ms) => ({ pass: ms })) },
    { weight: 1, arbitrary: fc.constantFrom("b", "c").map((key) => ({ learn: key })) },
  );
  fc.assert(
    fc.property(fc.array(act, { maxLength: 120 }), fc.integer({ min: 2, max: 10 }), (acts, events) => {
      const it = bufferOf("a", { events });
      const arrivedAt = new Map<number, number>();
      const doneAt = new Map<number, number>();
      let count = 0;
      let seen = 0;
      const look = (): void => {
        for (; seen < it.log.length; seen += 1) {
          const entry = it.log[seen] ?? "";
          const number = Number.parseInt(entry, 10);
          expect(doneAt.has(number), `${number} twice`).toBe(false);
          doneAt.set(number, it.times[seen] ?? NaN);
        }
        expect(count - doneAt.size).toBeLessThanOrEqual(events);
      };
      for (const each of acts) {
        if ("push" in each) {
          count += 1;
          arrivedAt.set(count, it.now);
          it.push(`${count}${each.push}`);
        } else if ("pass" in each) it.pass(each.pass);
        else it.learn(each.learn);
        look();
      }
      it.pass(120_000);
      look();
      // Everything that arrived was delivered or dropped with a reason.
      expect(doneAt.size).toBe(count);
      // What is not marked as late is in order.
      const inOrder = it.log.filter((entry) => !entry.includes(" ")).map((entry) => Number.parseInt(entry, 10));
      expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b));
      // An event whose key is known never waits longer than the order is kept, and nothing longer than events are held.
      for (const [number, at] of doneAt) {
        const waited = at - (arrivedAt.get(number) ?? 0);
        const hasKey = it.log.includes(`${number}a`);
        expect(waited).toBeLessThanOrEqual(hasKey ? limits.orderHoldMs : limits.holdMs);
      }
    }),
    { numRuns: 500 },
  );
});
