import { FakeClock } from "@sealcast/server-testing";
import { webhookQueueContract, type ContractBounds } from "@sealcast/server-testing/contracts";
import { describeWithRedis, startRedis, type RedisProcess } from "@sealcast/server-testing/redis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { WebhookOffer } from "../../../core/webhooks/webhook-offer.ts";
import type { QueueChange, RecoveredWork } from "../../../ports/webhook-queue.ts";
import { NodeRedisConnection } from "../../engine/redis/connection/node-redis-connection.ts";
import { defaultQueueBounds } from "../queue-bounds.ts";
import { RedisWebhookQueue } from "./redis.ts";
import type { RedisScripts } from "./redis-scripts.ts";
import { acceptScript } from "./scripts/subject-scripts.ts";

const offer: WebhookOffer = {
  effect: "send",
  subject: undefined,
  channel: "x",
  event: { text: "1", targets: ["t"] },
  opposite: undefined,
  delayMs: 0,
};
const limits = { maxEvents: 1, maxBytes: 1_000 };

async function until(isTrue: () => boolean, step: () => void): Promise<void> {
  while (!isTrue()) {
    step();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function text(name: string): WebhookOffer["event"] {
  return { text: name, targets: ["t"] };
}

function appear(order: number): WebhookOffer {
  return { ...offer, subject: "channel x", effect: "appear", event: text("in"), opposite: text("out"), order };
}

function disappear(order: number): WebhookOffer {
  return { ...offer, subject: "channel x", effect: "disappear", event: text("out"), delayMs: 3_000, order };
}

function numbered(number: number, subject?: string): WebhookOffer {
  return { ...offer, subject, event: text(String(number)), number };
}

/** Takes all that waits, and returns its texts. */
async function delivered(queue: RedisWebhookQueue): Promise<readonly string[]> {
  const taken = await queue.take("t", { maxEvents: 100, maxBytes: 10_000, ids: ["a"] }, 0);
  const attempt = { delivery: "a", target: "t", atMs: 0, durationMs: 0, status: 200, error: undefined, events: 1 };
  if (taken.length > 0) await queue.settle(attempt, { kind: "delivered" });
  return taken.flatMap(({ events }) => events);
}

describeWithRedis("the queue in Redis", () => {
  let redis: RedisProcess;
  let names = 0;

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  async function connection(): Promise<NodeRedisConnection> {
    const opened = new NodeRedisConnection({ url: redis.url, cluster: false, sentinelPrimary: undefined });
    await opened.open({ up: () => undefined, down: () => undefined });
    return opened;
  }

  async function connect(prefix: string, bounds: ContractBounds, clock = new FakeClock()): Promise<RedisWebhookQueue> {
    const process = `process ${(names += 1)}`;
    return new RedisWebhookQueue({ redis: await connection(), clock, prefix, process, bounds, absentMs: 0 });
  }

  const nothing = { began: () => undefined, ended: () => undefined, changed: () => undefined };

  async function sending(prefix: string, bounds: ContractBounds): Promise<RedisWebhookQueue> {
    const queue = await connect(prefix, bounds);
    await queue.share(nothing);
    return queue;
  }

  /** Two processes on one queue, and what each of them was asked to do. */
  async function pair() {
    const prefix = `pair-${(names += 1)}`;
    const clock = new FakeClock();
    const events: string[] = [];
    const sharing = (name: string) => ({
      began: ({ waiting, unfinished }: RecoveredWork) =>
        void events.push(
          `${name} began ${[...waiting].join()} ${unfinished.map(({ delivery }) => delivery.id).join()}`,
        ),
      ended: () => void events.push(`${name} ended`),
      changed: ({ targets }: QueueChange) => void events.push(`${name} changed ${[...targets].join()}`),
    });
    const [first, second] = [
      await connect(prefix, defaultQueueBounds, clock),
      await connect(prefix, defaultQueueBounds, clock),
    ];
    await first.share(sharing("first"));
    await second.share(sharing("second"));
    events.length = 0;
    return { prefix, clock, events, first, second, close: async () => [await first.close(), await second.close()] };
  }

  webhookQueueContract("the queue in Redis", {
    create: (bounds) => sending(`contract-${(names += 1)}`, bounds),
    async reopen(bounds) {
      // The right to send of a killed process ends by itself; a test does not wait for that.
      const queue = await connect(`contract-${names - 1}`, bounds);
      await redis.command("del", `{contract-${names - 2}:webhooks}:sender`);
      await queue.share(nothing);
      return queue;
    },
  });

  describe("that processes share", () => {
    test("[WHQ11] one of them takes events, and notices those that the other one accepts", async () => {
      const { clock, events, first, second, close } = await pair();
      expect(await second.accept([offer], 0)).toMatchObject({ targets: new Set(), nextReleaseMs: undefined });
      await until(
        () => events.length > 0,
        () => clock.advance(100),
      );
      expect(events).toEqual(["first changed t"]);
      expect(await second.take("t", { ...limits, ids: ["a"] }, 0)).toEqual([]);
      expect(await first.take("t", { ...limits, ids: ["b"] }, 0)).toMatchObject([{ id: "b", events: ["1"] }]);
      await close();
    });

    test("[WHQ11] the other one goes on when the first closes, with what was begun", async () => {
      const { clock, events, first, second } = await pair();
      await first.accept([offer, { ...offer, channel: "y" }], 0);
      await first.take("t", { ...limits, ids: ["begun"] }, 0);
      await first.close();
      await until(
        () => events.some((event) => event.startsWith("second")),
        () => clock.advance(100),
      );
      expect(events[0]).toBe("second began t begun");
      expect(await second.take("t", { ...limits, ids: ["b"] }, 0)).toMatchObject([{ id: "b" }]);
      await second.close();
    });

    test("[WHQ11] a process that cannot renew its right begins nothing more, and another one goes on", async () => {
      const { prefix, clock, events, first, second, close } = await pair();
      await redis.command("del", `{${prefix}:webhooks}:sender`);
      await redis.command("set", `{${prefix}:webhooks}:sender`, "somebody else");
      await until(
        () => events.length > 0,
        () => clock.advance(100),
      );
      expect(events).toEqual(["first ended"]);
      await first.accept([offer], 0);
      expect(await first.take("t", { ...limits, ids: ["a"] }, 0)).toEqual([]);
      await redis.command("del", `{${prefix}:webhooks}:sender`);
      await until(
        () => events.length > 1,
        () => clock.advance(100),
      );
      expect(events[1]).toMatch(/^(first|second) began t $/);
      await close();
      expect([first, second]).toHaveLength(2);
    });

    test("[WHQ2] steps of one subject by both at the same time are one after the other", async () => {
      const { first, second, close } = await pair();
      for (let round = 0; round < 20; round += 1) {
        await Promise.all([first.accept([appear(2 * round)], round), second.accept([disappear(2 * round + 1)], round)]);
      }
      await first.accept([appear(40)], 20);
      await first.release(3_100);
      const texts = await delivered(first);
      expect(texts.length).toBeLessThan(3);
      expect(texts.at(-1) ?? "in").toBe("in");
      await close();
    });

    test("[WHQ3] offers are not taken again if only the answer to them was lost", async () => {
      const { prefix, clock, first, close } = await pair();
      const scripts = await connection();
      let losesAnswers = false;
      const lossy: RedisScripts = {
        async run(script, keys, args) {
          const answer = await scripts.run(script, keys, args);
          if (losesAnswers && script === acceptScript) throw new Error("The answer was lost");
          return answer;
        },
        close: () => scripts.close(),
      };
      const bounds = defaultQueueBounds;
      const queue = new RedisWebhookQueue({ redis: lossy, clock, prefix, process: "lossy", bounds, absentMs: 0 });
      await queue.accept([numbered(1)], 0);
      losesAnswers = true;
      await expect(queue.accept([numbered(2), numbered(3, "x")], 0)).rejects.toThrow("lost");
      await expect(queue.accept([numbered(2), numbered(3, "x"), numbered(4)], 0)).rejects.toThrow("lost");
      losesAnswers = false;
      await queue.accept([numbered(2), numbered(3, "x"), numbered(4)], 0);
      await queue.accept([numbered(5)], 0);
      await first.accept([numbered(1)], 0);
      expect(await delivered(first)).toEqual(["1", "2", "3", "4", "5", "1"]);
      await queue.close();
      await close();
    });

    test("[WHQ7] an arrival that comes after its departure was sent adds nothing, a later one does", async () => {
      const { first, second, close } = await pair();
      await first.accept([disappear(2)], 0);
      await first.release(3_000);
      expect(await delivered(first)).toEqual(["out"]);
      await second.accept([appear(1)], 4_000);
      expect(await first.release(12_999)).toMatchObject({ nextReleaseMs: 13_000 });
      await second.accept([disappear(2)], 12_999);
      expect(await first.release(13_000)).toMatchObject({ nextReleaseMs: undefined });
      expect(await delivered(first)).toEqual([]);
      await second.accept([appear(3)], 14_000);
      expect(await delivered(first)).toEqual(["in"]);
      await close();
    });
  });
});
