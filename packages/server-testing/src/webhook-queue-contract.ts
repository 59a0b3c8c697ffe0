import type { WebhookOffer, WebhookQueue } from "@sealcast/server";
import { afterEach, describe, expect, test } from "vitest";

/** How much a queue under test keeps. */
export interface ContractBounds {
  readonly maxBytes: number;
  readonly maxDeadLetters: number;
  readonly maxAttempts: number;
}

/** How the suite makes a queue. */
export interface WebhookQueueAdapter {
  /** A new, empty queue. */
  create(bounds: ContractBounds): Promise<WebhookQueue>;
  /** Opens what a queue left behind that was not closed. Undefined: the queue lives in memory, and WHQ1 does not hold. */
  readonly reopen: ((bounds: ContractBounds) => Promise<WebhookQueue>) | undefined;
}

const a = "1001 http://a.example/";
const b = "1001 http://b.example/";
const roomy = { maxBytes: 1_000_000, maxDeadLetters: 100, maxAttempts: 100 };
const nowMs = 1_700_000_000_000;
const one = { maxEvents: 1, maxBytes: 10_000 };

/** An event that is sent whatever else happens. */
function plain(channel: string, text: string, targets: readonly string[] = [a]): WebhookOffer {
  return {
    effect: "send",
    subject: undefined,
    channel,
    event: { text: `"${text}"`, targets },
    opposite: undefined,
    delayMs: 0,
  };
}

function appear(channel: string): WebhookOffer {
  const event = { text: `"${channel} occupied"`, targets: [a] };
  const opposite = { text: `"${channel} vacated"`, targets: [a] };
  return { effect: "appear", subject: `channel ${channel}`, channel, event, opposite, delayMs: 0 };
}

function disappear(channel: string): WebhookOffer {
  return {
    ...appear(channel),
    effect: "disappear",
    event: { text: `"${channel} vacated"`, targets: [a] },
    delayMs: 3_000,
  };
}

function count(channel: string, value: number, effect: "send" | "sample"): WebhookOffer {
  const event = { text: `"${channel} ${value}"`, targets: [a] };
  return {
    effect,
    subject: `count ${channel}`,
    channel,
    event,
    opposite: undefined,
    delayMs: effect === "send" ? 0 : 5_000,
  };
}

function miss(text: string): WebhookOffer {
  return { ...plain("c", text), effect: "once", subject: "cache c", delayMs: 1_000 };
}

function attemptAt(delivery: string, target = a): Parameters<WebhookQueue["settle"]>[0] {
  return { delivery, target, atMs: nowMs, durationMs: 5, status: 500, error: "status 500", events: 1 };
}

/**
 * The rules of the webhook queue port, as tests.
 *
 * @param name of the adapter.
 * @param adapter makes queues.
 */
export function webhookQueueContract(name: string, adapter: WebhookQueueAdapter): void {
  const open: WebhookQueue[] = [];
  const create = async (bounds: Partial<ContractBounds> = {}): Promise<WebhookQueue> => {
    const queue = await adapter.create({ ...roomy, ...bounds });
    open.push(queue);
    return queue;
  };
  /** Takes what there is, as deliveries of one event, and returns the texts. Deliveries are finished if `settled`. */
  let ids = 0;
  const takeAll = async (queue: WebhookQueue, target = a, settled = true): Promise<string[]> => {
    const texts: string[] = [];
    for (;;) {
      const taken = await queue.take(target, { ...one, ids: [`d${(ids += 1)}`] }, nowMs);
      if (taken.length === 0) return texts;
      texts.push(...taken.flatMap(({ events }) => events));
      if (settled) for (const { id } of taken) await queue.settle(attemptAt(id, target), { kind: "delivered" });
    }
  };

  afterEach(async () => {
    for (const queue of open.splice(0)) await queue.close();
  });

  describe(`${name} keeps the webhook queue contract`, () => {
    const reopened = adapter.reopen === undefined ? [] : [adapter.reopen];
    test.each(reopened)("[WHQ1 WHQ4] keeps what it accepted when the process is killed", async (reopen) => {
      const before = await adapter.create(roomy);
      await before.accept([plain("x", "1"), plain("x", "2"), plain("y", "3"), appear("z"), disappear("z")], nowMs);
      const [taken] = await before.take(a, { ...one, ids: ["kept"] }, nowMs + 1);
      await before.settle(attemptAt("kept"), { kind: "retry", dueMs: nowMs + 1_000 });
      const after = await reopen(roomy);
      open.push(after, before);
      const { waiting, unfinished } = await after.recover();
      expect(waiting).toEqual(new Set([a]));
      expect(unfinished).toEqual([{ delivery: taken, dueMs: nowMs + 1_000 }]);
      expect(taken).toEqual({ id: "kept", target: a, timeMs: nowMs + 1, events: ['"1"'] });
      expect(await takeAll(after)).toEqual(['"3"', '"z occupied"']);
      await after.settle(attemptAt("kept"), { kind: "delivered" });
      await after.release(nowMs + 3_000);
      expect(await takeAll(after)).toEqual(['"2"', '"z vacated"']);
      expect(await after.backlog()).toEqual({ events: 0, bytes: 0, deadLetters: 0 });
    });

    test("[WHQ2] tells of a channel that comes and goes strictly in turn", async () => {
      const queue = await create();
      await queue.accept([appear("x")], nowMs);
      await queue.accept([disappear("x"), appear("x"), disappear("x")], nowMs + 10);
      expect(await takeAll(queue)).toEqual(['"x occupied"']);
      await queue.release(nowMs + 3_010);
      await queue.accept([appear("x")], nowMs + 3_020);
      expect(await takeAll(queue)).toEqual(['"x vacated"', '"x occupied"']);
    });

    test("[WHQ2] replaces a held count by the latest, and drops it when a smaller one is sent at once", async () => {
      const queue = await create();
      const held = await queue.accept([count("x", 101, "sample"), count("x", 102, "sample")], nowMs);
      expect(held.nextReleaseMs).toBe(nowMs + 5_000);
      expect((await queue.accept([count("x", 103, "sample")], nowMs + 4_000)).nextReleaseMs).toBe(nowMs + 5_000);
      await queue.release(nowMs + 5_000);
      expect(await takeAll(queue)).toEqual(['"x 103"']);
      await queue.accept([count("x", 101, "sample"), count("x", 100, "send")], nowMs + 6_000);
      const after = await queue.release(nowMs + 60_000);
      expect(await takeAll(queue)).toEqual(['"x 100"']);
      expect(after.nextReleaseMs).toBeUndefined();
    });

    test("[WHQ2] sends an event of effect once, and the next one after the pause", async () => {
      const queue = await create();
      await queue.accept([miss("1"), miss("2")], nowMs);
      await queue.release(nowMs + 1_000);
      await queue.accept([miss("3")], nowMs + 1_001);
      expect(await takeAll(queue)).toEqual(['"1"', '"3"']);
    });

    test("[WHQ3] keeps the order within a channel and blocks a channel while it is being delivered", async () => {
      const queue = await create();
      await queue.accept([plain("x", "x1"), plain("x", "x2"), plain("y", "y1"), plain("x", "x3")], nowMs);
      const both = await queue.take(a, { ...one, ids: ["1", "2", "3"] }, nowMs);
      expect(both.map(({ events }) => events)).toEqual([['"x1"'], ['"y1"']]);
      await queue.settle(attemptAt("1"), { kind: "retry", dueMs: nowMs + 1_000 });
      await queue.settle(attemptAt("2"), { kind: "delivered" });
      expect(await takeAll(queue)).toEqual([]);
      await queue.settle(attemptAt("1"), { kind: "dead" });
      expect(await takeAll(queue)).toEqual(['"x2"', '"x3"']);
    });

    test("[WHQ3] puts events of several channels in one delivery, up to the limits, in order", async () => {
      const queue = await create();
      await queue.accept([plain("x", "1"), plain("y", "2"), plain("x", "3"), plain("z", "4"), plain("x", "5")], nowMs);
      const [first] = await queue.take(a, { ids: ["1"], maxEvents: 4, maxBytes: 10_000 }, nowMs);
      expect(first?.events.toSorted()).toEqual(first?.events);
      expect(first?.events.length).toBeGreaterThanOrEqual(3);
      await queue.settle(attemptAt("1"), { kind: "delivered" });
      const [second] = await queue.take(a, { ids: ["2"], maxEvents: 4, maxBytes: 10_000 }, nowMs);
      expect([...(first?.events ?? []), ...(second?.events ?? [])].toSorted()).toEqual([
        '"1"',
        '"2"',
        '"3"',
        '"4"',
        '"5"',
      ]);
      expect(await queue.take(a, { ids: ["3"], maxEvents: 4, maxBytes: 10_000 }, nowMs)).toEqual([]);
    });

    test("[WHQ3] limits the bytes of a delivery, but never below one event", async () => {
      const queue = await create();
      await queue.accept([plain("x", "12345678"), plain("x", "12345678"), plain("x", "1"), plain("x", "2")], nowMs);
      const sizes: number[] = [];
      for (const id of ["1", "2", "3"]) {
        const [delivery] = await queue.take(a, { ids: [id], maxEvents: 100, maxBytes: 9 }, nowMs);
        sizes.push(delivery?.events.length ?? 0);
        await queue.settle(attemptAt(id), { kind: "delivered" });
      }
      expect(sizes).toEqual([1, 1, 2]);
    });

    test("[WHQ5] keeps what each target waits for apart", async () => {
      const queue = await create();
      const { targets } = await queue.accept([plain("x", "1", [a, b]), plain("x", "2", [b])], nowMs);
      expect(targets).toEqual(new Set([a, b]));
      expect(await takeAll(queue, a, false)).toEqual(['"1"']);
      expect(await takeAll(queue, b)).toEqual(['"1"', '"2"']);
    });

    test("[WHQ6] discards the oldest waiting events of the largest backlog, counted, and nothing that was taken", async () => {
      const queue = await create({ maxBytes: 40 });
      await queue.accept([plain("x", "00000000", [b]), plain("x", "11111111"), plain("x", "22222222")], nowMs);
      const [taken] = await queue.take(a, { ...one, ids: ["t"] }, nowMs);
      expect(taken?.events).toEqual(['"11111111"']);
      const { lost } = await queue.accept([plain("y", "33333333"), plain("x", "44444444")], nowMs);
      expect(lost).toEqual(new Map([[a, 1]]));
      expect(await queue.backlog()).toEqual({ events: 4, bytes: 40, deadLetters: 0 });
      await queue.settle(attemptAt("t"), { kind: "delivered" });
      expect(await takeAll(queue)).toEqual(['"33333333"', '"44444444"']);
      expect(await takeAll(queue, b)).toEqual(['"00000000"']);
      expect((await queue.backlog()).bytes).toBe(0);
    });

    test("[WHQ7] adds held events when they are due, and says when to ask again", async () => {
      const queue = await create();
      await queue.accept([appear("x"), appear("y")], nowMs);
      await takeAll(queue);
      await queue.accept([disappear("x")], nowMs + 10);
      const change = await queue.accept([disappear("y")], nowMs + 20);
      expect(change.nextReleaseMs).toBe(nowMs + 3_010);
      expect(await queue.release(nowMs + 3_009)).toMatchObject({ targets: new Set(), nextReleaseMs: nowMs + 3_010 });
      expect(await queue.release(nowMs + 3_010)).toMatchObject({ targets: new Set([a]), nextReleaseMs: nowMs + 3_020 });
      expect(await takeAll(queue)).toEqual(['"x vacated"']);
    });

    test("[WHQ8] after a restart, what does not come back has left", async () => {
      const queue = await create();
      await queue.accept([appear("x"), appear("y"), appear("z"), disappear("z"), count("x", 200, "sample")], nowMs);
      await takeAll(queue);
      const { nextReleaseMs } = await queue.departAll(nowMs + 10_000);
      expect(nextReleaseMs).toBe(nowMs + 10_000);
      await queue.accept([appear("x")], nowMs + 9_000);
      await queue.release(nowMs + 10_000);
      expect((await takeAll(queue)).toSorted()).toEqual(['"y vacated"', '"z vacated"']);
    });

    test("[WHQ9] lists dead letters, clears them and replays their events", async () => {
      const queue = await create({ maxDeadLetters: 2 });
      await queue.accept([plain("x", "1"), plain("y", "2"), plain("z", "3")], nowMs);
      await queue.take(a, { ...one, ids: ["l1", "l2", "l3"] }, nowMs);
      for (const id of ["l1", "l2", "l3"]) await queue.settle(attemptAt(id), { kind: "dead" });
      const letters = await queue.deadLetters(a, 10);
      expect(letters).toMatchObject([
        { id: "l3" },
        { id: "l2", timeMs: nowMs, failedMs: nowMs + 5, error: "status 500" },
      ]);
      expect(await queue.deadLetters(b, 10)).toEqual([]);
      expect(await queue.deadLetters(a, 1)).toHaveLength(1);
      expect(await queue.clearDead(b, undefined)).toBe(0);
      expect(await queue.clearDead(a, "l3")).toBe(1);
      expect(await takeAll(queue)).toEqual([]);
      expect(await queue.replayDead(a, undefined)).toBe(1);
      expect(await queue.backlog()).toMatchObject({ events: 1, deadLetters: 0 });
      expect(await takeAll(queue)).toEqual(['"2"']);
    });

    test("[WHQ10] keeps the latest attempts", async () => {
      const queue = await create({ maxAttempts: 2 });
      await queue.accept([plain("x", "1")], nowMs);
      await queue.take(a, { ...one, ids: ["r"] }, nowMs);
      for (const durationMs of [1, 2, 3]) {
        await queue.settle({ ...attemptAt("r"), durationMs }, { kind: "retry", dueMs: nowMs });
      }
      expect((await queue.attempts(a, 10)).map(({ durationMs }) => durationMs)).toEqual([3, 2]);
      expect(await queue.attempts(a, 1)).toEqual([{ ...attemptAt("r"), durationMs: 3 }]);
      expect(await queue.attempts(b, 10)).toEqual([]);
    });

    test("discards what is kept for targets that are no longer there", async () => {
      const queue = await create();
      await queue.accept([plain("x", "1", [a, b]), plain("x", "2", [b])], nowMs);
      expect(await queue.keepTargets(new Set([a]))).toBe(2);
      expect(await takeAll(queue, b)).toEqual([]);
      expect(await takeAll(queue)).toEqual(['"1"']);
    });
  });
}
