import type { AppId, ChannelName } from "@sealcast/protocol";
import { FakeClock, RecordingObserver, silentLog, testApp } from "@sealcast/server-testing";
import { describe, expect, test } from "vitest";
import { createNodeSigner } from "../adapters/signer/node-crypto.ts";
import { MemoryWebhookQueue } from "../adapters/webhook-queue/memory.ts";
import { defaultQueueBounds } from "../adapters/webhook-queue/queue-bounds.ts";
import type { App } from "../core/apps/app.ts";
import type { HttpOutcome } from "../ports/http-sender.ts";
import type { AttemptListener, WebhookDispatcher } from "../ports/webhook-dispatcher.ts";
import { QueueDispatcher } from "./queue-dispatcher.ts";
import { Webhooks } from "./webhooks.ts";
import { redisQueue, WebhooksUnavailable } from "./webhooks-unavailable.ts";

type Webhook = App["webhooks"][number];

const app = "1001" as AppId;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function webhook(events: Webhook["events"]): Webhook {
  return { url: "http://a.example/", events, channels: { prefix: "", suffix: "" }, headers: {}, batch: true };
}

/** Webhooks over a queue in memory, with what the receiver got. */
class Fixture {
  readonly clock = new FakeClock();
  readonly received: { readonly name: string; readonly channel: string }[] = [];
  opened = 0;
  failures = 0;
  ended: (() => void) | undefined;
  readonly webhooks = new Webhooks({
    open: async ({ ended, attempted }) => {
      this.opened += 1;
      this.ended = ended;
      if ((this.failures -= 1) >= 0) throw new Error("the disk is full");
      return this.#dispatcher(attempted);
    },
    clock: this.clock,
    log: silentLog,
    isAlone: true,
    place: redisQueue,
  });

  async pass(ms: number, stepMs = ms): Promise<void> {
    await turn();
    for (let passed = 0; passed < ms; passed += stepMs) {
      this.clock.advance(stepMs);
      await turn();
      await turn();
    }
  }

  #dispatcher(attempted: AttemptListener): WebhookDispatcher {
    let ids = 0;
    return new QueueDispatcher({
      queue: new MemoryWebhookQueue(defaultQueueBounds),
      sender: {
        post: async ({ body }): Promise<HttpOutcome> => {
          this.received.push(...(JSON.parse(body) as { events: { name: string; channel: string }[] }).events);
          return { status: 200, error: undefined };
        },
        close: () => undefined,
      },
      clock: this.clock,
      random: { below: () => 0 },
      signer: createNodeSigner(),
      log: silentLog,
      attempted,
      newId: () => String((ids += 1)),
    });
  }
}

describe("the webhooks of a server", () => {
  test("report each attempt at a delivery to an observer that wants it", async () => {
    const fixture = new Fixture();
    const observer = new RecordingObserver(["webhook-attempted"]);
    fixture.webhooks.reportTo(observer);
    await fixture.webhooks.start([testApp({ webhooks: [webhook(["channel_occupied"])] })]);
    fixture.webhooks.observe({ kind: "occupied", app, channel: "a" as ChannelName });
    await fixture.pass(1_000, 100);
    const url = "http://a.example/";
    expect(observer.take()).toMatchObject([
      { app, url, events: 1, status: 200, error: undefined, outcome: "delivered" },
    ]);
  });

  test("open nothing before an app has a webhook, and want nothing that none reports", async () => {
    const fixture = new Fixture();
    await fixture.webhooks.start([testApp()]);
    expect([fixture.opened, fixture.webhooks.wants("occupied")]).toEqual([0, false]);
    fixture.webhooks.replaceApps([testApp({ webhooks: [webhook(["channel_vacated"])] })]);
    await fixture.pass(0);
    expect(fixture.opened).toBe(1);
    // The arrival takes a departure back, so the target receives it, too.
    const wanted = (["occupied", "vacated", "client-event", "published"] as const).map((kind) =>
      fixture.webhooks.wants(kind),
    );
    expect(wanted).toEqual([true, true, false, false]);
  });

  test("[HOOK4] report 10,000 joins and leaves of one second strictly in turn, and the state in the end", async () => {
    const fixture = new Fixture();
    await fixture.webhooks.start([testApp({ webhooks: [webhook(["channel_occupied", "channel_vacated"])] })]);
    const isOccupied = new Map<string, boolean>();
    // One second of storm, then pauses that are sometimes longer than the grace period, over and over.
    for (let index = 0; index < 10_000; index += 1) {
      const channel = `c${(index * 7_919) % 83}` as ChannelName;
      const occupied = isOccupied.get(channel) !== true;
      isOccupied.set(channel, occupied);
      fixture.webhooks.observe({ kind: occupied ? "occupied" : "vacated", app, channel });
      if (index % 100 === 99) await fixture.pass(10);
      if (index % 2_500 === 2_499) await fixture.pass(index % 5_000 === 4_999 ? 4_000 : 2_000, 500);
    }
    await fixture.pass(5_000, 500);
    const namesByChannel = new Map<string, string[]>();
    for (const { name, channel } of fixture.received)
      namesByChannel.set(channel, [...(namesByChannel.get(channel) ?? []), name]);
    for (const [channel, names] of namesByChannel) {
      const inTurn = names.map((_, index) => (index % 2 === 0 ? "channel_occupied" : "channel_vacated"));
      expect([channel, names]).toEqual([channel, inTurn]);
      expect(names.at(-1)).toBe(isOccupied.get(channel) ? "channel_occupied" : "channel_vacated");
    }
    expect(namesByChannel.size).toBe(83);
    expect(fixture.received.length).toBeLessThan(1_000);
  });

  test("say why they cannot start", async () => {
    const fixture = new Fixture();
    fixture.failures = 1;
    const starting = fixture.webhooks.start([testApp({ webhooks: [webhook(["cache_miss"])] })]);
    await expect(starting).rejects.toThrow(WebhooksUnavailable);
    await expect(starting).rejects.toMatchObject({ place: { setting: "engine" }, got: "the disk is full" });
  });

  test("open another dispatcher when one stops by itself, and lose nothing that is observed meanwhile", async () => {
    const fixture = new Fixture();
    await fixture.webhooks.start([testApp({ webhooks: [webhook(["channel_occupied"])] })]);
    fixture.failures = 2;
    fixture.ended?.();
    fixture.webhooks.observe({ kind: "occupied", app, channel: "x" as ChannelName });
    await fixture.pass(5_000, 500);
    expect(fixture.received).toEqual([{ name: "channel_occupied", channel: "x" }]);
  });

  test("report nothing once they are closed", async () => {
    const fixture = new Fixture();
    await fixture.webhooks.start([testApp({ webhooks: [webhook(["channel_occupied"])] })]);
    fixture.webhooks.observe({ kind: "occupied", app, channel: "x" as ChannelName });
    const closing = fixture.webhooks.close(1_000);
    await fixture.pass(200, 10);
    await closing;
    fixture.webhooks.observe({ kind: "occupied", app, channel: "y" as ChannelName });
    await fixture.pass(5_000, 500);
    expect(fixture.received).toEqual([{ name: "channel_occupied", channel: "x" }]);
  });
});
