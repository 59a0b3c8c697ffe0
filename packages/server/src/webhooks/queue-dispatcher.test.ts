import { FakeClock, silentLog } from "@sealcast/server-testing";
import { describe, expect, test } from "vitest";
import { createNodeSigner } from "../adapters/signer/node-crypto.ts";
import { MemoryWebhookQueue } from "../adapters/webhook-queue/memory.ts";
import { defaultQueueBounds } from "../adapters/webhook-queue/queue-bounds.ts";
import type { WebhookOffer } from "../core/webhooks/webhook-offer.ts";
import type { HttpOutcome, HttpPost } from "../ports/http-sender.ts";
import type { LogFields } from "../ports/log.ts";
import type { WebhookRecipient } from "../ports/webhook-dispatcher.ts";
import { QueueDispatcher } from "./queue-dispatcher.ts";

const ok: HttpOutcome = { status: 200, error: undefined };
const broken: HttpOutcome = { status: 500, error: undefined };

/** A dispatcher whose receivers a test plays. */
class Receivers {
  readonly clock = new FakeClock();
  readonly queue = new MemoryWebhookQueue(defaultQueueBounds);
  readonly requests: { readonly url: string; readonly id: string; readonly atMs: number; readonly body: string }[] = [];
  readonly lines: [string, LogFields][] = [];
  readonly attempts: [number | undefined, string][] = [];
  /** Called for each request; may answer later. */
  answer: (post: HttpPost) => HttpOutcome | Promise<HttpOutcome> = () => ok;
  open = 0;
  maxOpen = 0;
  readonly dispatcher: QueueDispatcher;
  readonly #startMs = this.clock.now();

  constructor() {
    let ids = 0;
    const note = (event: string, fields: LogFields = {}): void => void this.lines.push([event, fields]);
    this.dispatcher = new QueueDispatcher({
      queue: this.queue,
      sender: {
        post: async (post) => {
          this.open += 1;
          this.maxOpen = Math.max(this.maxOpen, this.open);
          const id = post.headers["X-Sealcast-Delivery-Id"] ?? "";
          this.requests.push({ url: post.url, id, atMs: this.clock.now() - this.#startMs, body: post.body });
          const outcome = await this.answer(post);
          this.open -= 1;
          return outcome;
        },
        close: () => undefined,
      },
      clock: this.clock,
      random: { below: (limit) => Math.floor(limit / 2) },
      signer: createNodeSigner(),
      log: { ...silentLog, warn: note, error: note },
      attempted: ({ status }, next) => void this.attempts.push([status, next]),
      newId: () => `delivery-${(ids += 1)}`,
    });
  }

  /** Lets time pass, and everything happen that promises wait for. */
  async pass(ms: number, stepMs = ms): Promise<void> {
    await turn();
    for (let passed = 0; passed < ms; passed += stepMs) {
      this.clock.advance(stepMs);
      await turn();
    }
  }

  events(): string[] {
    return this.requests.map(({ body }) => body.replace(/^.*"events":\[(.*)\]}$/, "$1"));
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function recipient(settings: Partial<WebhookRecipient> = {}): WebhookRecipient {
  return { url: "http://a.example/", headers: {}, batch: false, key: "app-key", secret: "app-secret", ...settings };
}

function offer(channel: string, text: string, targets: readonly string[] = ["a"]): WebhookOffer {
  const event = { text, targets };
  return { effect: "send", subject: undefined, channel, event, opposite: undefined, delayMs: 0 };
}

async function start(recipients: Record<string, WebhookRecipient> = { a: recipient() }): Promise<Receivers> {
  const receivers = new Receivers();
  await receivers.dispatcher.start(new Map(Object.entries(recipients)), true);
  return receivers;
}

describe("the dispatcher", () => {
  test("[HOOK1] sends one event in each request, signed, with the app's headers", async () => {
    const receivers = await start({ a: recipient({ headers: { "X-Mine": "yes" } }) });
    const posts: HttpPost[] = [];
    receivers.answer = (post) => {
      posts.push(post);
      return ok;
    };
    await receivers.dispatcher.accept([offer("x", "1"), offer("x", "2")]);
    await receivers.pass(0);
    const timeMs = receivers.clock.now();
    expect(posts.map(({ body }) => body)).toEqual([
      `{"time_ms":${timeMs},"events":[1]}`,
      `{"time_ms":${timeMs},"events":[2]}`,
    ]);
    expect(posts[0]?.headers).toEqual({
      "Content-Type": "application/json",
      "User-Agent": "Sealcast",
      "X-Mine": "yes",
      "X-Pusher-Key": "app-key",
      "X-Pusher-Signature": createNodeSigner().sign("app-secret", posts[0]?.body ?? ""),
      "X-Sealcast-Delivery-Id": "delivery-1",
    });
  });

  test("[HOOK2] collects events of a batching target for 50 ms, at most 100 in one request", async () => {
    const receivers = await start({ a: recipient({ batch: true }) });
    await receivers.dispatcher.accept([offer("x", "1"), offer("y", "2")]);
    await receivers.pass(49);
    await receivers.dispatcher.accept([offer("x", "3")]);
    await receivers.pass(0);
    expect(receivers.requests).toEqual([]);
    await receivers.pass(1);
    expect(receivers.events()).toEqual(["1,2,3"]);
    await receivers.dispatcher.accept(Array.from({ length: 250 }, (_, index) => offer("x", String(index))));
    await receivers.pass(50);
    expect(
      receivers
        .events()
        .slice(1)
        .map((events) => events.split(",").length),
    ).toEqual([100, 100, 50]);
  });

  test("the log names a URL without its query, which may hold a secret", async () => {
    const target = "1001 https://a.example/hook?token=hidden";
    const receivers = await start({ [target]: recipient() });
    receivers.answer = () => broken;
    await receivers.dispatcher.accept([offer("x", "1", [target])]);
    await receivers.pass(255_000, 1_000);
    const line = { target: "1001 https://a.example/hook", delivery: "delivery-1", problem: "status 500" };
    expect(receivers.lines).toEqual([["webhook.dead", line]]);
  });

  test("[HOOK3] repeats a failed request with the same bytes at 1, 2, 4 … 64 seconds for five minutes, then gives it up", async () => {
    const receivers = await start();
    receivers.answer = () => broken;
    await receivers.dispatcher.accept([offer("x", "1"), offer("x", "2")]);
    await receivers.pass(255_000, 1_000);
    const first = receivers.requests.slice(0, 10);
    expect(first.map(({ atMs }) => atMs / 1_000)).toEqual([0, 1, 3, 7, 15, 31, 63, 127, 191, 255]);
    expect(new Set(first.map(({ id, body }) => id + body)).size).toBe(1);
    expect(receivers.events().slice(10)).toEqual(["2"]);
    expect(receivers.lines).toEqual([["webhook.dead", { target: "a", delivery: "delivery-1", problem: "status 500" }]]);
    expect(await receivers.queue.deadLetters("a", 9)).toMatchObject([{ id: "delivery-1", error: "status 500" }]);
    expect(await receivers.queue.attempts("a", 99)).toHaveLength(11);
  });

  test("[HOOK3] sends the next event of a channel only when the one before was delivered or given up", async () => {
    const receivers = await start();
    let failures = 2;
    receivers.answer = ({ body }) => (body.includes("[1]") && (failures -= 1) >= 0 ? broken : ok);
    await receivers.dispatcher.accept([offer("x", "1"), offer("x", "2"), offer("y", "3")]);
    await receivers.pass(5_000, 500);
    expect(receivers.events()).toEqual(["1", "3", "1", "1", "2"]);
  });

  test("keeps at most ten requests open at one target, and others wait for none of them", async () => {
    const receivers = await start({ a: recipient(), b: recipient({ url: "http://b.example/" }) });
    const stalled: ((outcome: HttpOutcome) => void)[] = [];
    receivers.answer = ({ url }) =>
      url === "http://a.example/" ? new Promise((resolve) => stalled.push(resolve)) : ok;
    const channels = Array.from({ length: 30 }, (_, index) => `c${index}`);
    await receivers.dispatcher.accept(channels.map((channel) => offer(channel, "1", ["a"])));
    await receivers.dispatcher.accept([offer("x", "2", ["b"])]);
    await receivers.pass(0);
    expect(receivers.requests.filter(({ url }) => url === "http://b.example/")).toHaveLength(1);
    expect(stalled).toHaveLength(10);
    for (const answer of stalled.splice(0)) answer(ok);
    await receivers.pass(0);
    expect(stalled).toHaveLength(10);
    expect(receivers.maxOpen).toBeLessThanOrEqual(11);
  });

  test("begins no more than a hundred deliveries to a target that fails", async () => {
    const receivers = await start();
    receivers.answer = () => broken;
    await receivers.dispatcher.accept(Array.from({ length: 500 }, (_, index) => offer(`c${index}`, "1")));
    await receivers.pass(500, 100);
    expect(new Set(receivers.requests.map(({ id }) => id)).size).toBeGreaterThanOrEqual(100);
    expect(new Set(receivers.requests.map(({ id }) => id)).size).toBeLessThan(110);
    receivers.answer = () => ok;
    await receivers.pass(5_000, 100);
    expect((await receivers.queue.backlog()).events).toBe(0);
  });

  test("[HOOK4] sends what was held back when it is due", async () => {
    const receivers = await start();
    const vacated: WebhookOffer = { ...offer("x", '"vacated"'), effect: "disappear", subject: "x", delayMs: 3_000 };
    await receivers.dispatcher.accept([vacated]);
    await receivers.pass(2_999);
    expect(receivers.requests).toEqual([]);
    await receivers.pass(1);
    expect(receivers.events()).toEqual(['"vacated"']);
  });

  test("discards what waits for a target that was removed, and uses the new secret of one that stays", async () => {
    const receivers = await start({ a: recipient(), b: recipient() });
    receivers.answer = () => broken;
    await receivers.dispatcher.accept([offer("x", "1", ["a", "b"])]);
    await receivers.pass(0);
    await receivers.dispatcher.setRecipients(new Map([["a", recipient({ secret: "new-secret" })]]));
    const signatures: (string | undefined)[] = [];
    receivers.answer = ({ headers }) => {
      signatures.push(headers["X-Pusher-Signature"]);
      return ok;
    };
    await receivers.pass(10_000, 1_000);
    expect(signatures).toEqual([createNodeSigner().sign("new-secret", receivers.requests[0]?.body ?? "")]);
    expect((await receivers.queue.backlog()).events).toBe(0);
  });

  test("replays dead letters", async () => {
    const receivers = await start();
    receivers.answer = () => broken;
    await receivers.dispatcher.accept([offer("x", "1")]);
    await receivers.pass(300_000, 1_000);
    receivers.answer = () => ok;
    const before = receivers.requests.length;
    expect(await receivers.dispatcher.replayDead("a", "delivery-1")).toBe(1);
    await receivers.pass(0);
    expect(receivers.requests.slice(before)).toMatchObject([
      { body: `{"time_ms":${receivers.clock.now()},"events":[1]}` },
    ]);
    expect(await receivers.queue.backlog()).toEqual({ events: 0, bytes: 0, deadLetters: 0 });
  });

  test("flushes what waits, but not what has to wait for its next attempt, and gives up at the deadline", async () => {
    const receivers = await start();
    const finished: string[] = [];
    receivers.answer = ({ body }) => (body.includes("[1]") ? broken : ok);
    await receivers.dispatcher.accept([offer("x", "1"), offer("y", "2"), offer("y", "3")]);
    void receivers.dispatcher.flush(60_000).then(() => finished.push("first"));
    await receivers.pass(0);
    expect([finished, receivers.events()]).toEqual([["first"], ["1", "2", "3"]]);
    receivers.answer = () => new Promise(() => undefined);
    await receivers.dispatcher.accept([offer("z", "4")]);
    void receivers.dispatcher.flush(2_000).then(() => finished.push("second"));
    await receivers.pass(1_999);
    expect(finished).toEqual(["first"]);
    await receivers.pass(1);
    expect(finished).toEqual(["first", "second"]);
  });

  test("logs what a full queue discards", async () => {
    const receivers = new Receivers();
    const queue = new MemoryWebhookQueue({ ...defaultQueueBounds, maxBytes: 3 });
    const log = {
      ...silentLog,
      error: (event: string, fields?: LogFields) => void receivers.lines.push([event, fields ?? {}]),
    };
    const { clock } = receivers;
    const dispatcher = new QueueDispatcher({
      queue,
      log,
      clock,
      signer: createNodeSigner(),
      random: { below: () => 0 },
      attempted: () => undefined,
      newId: () => "id",
      sender: {
        post: () => new Promise<HttpOutcome>(() => undefined),
        close: () => undefined,
      },
    });
    await dispatcher.start(new Map([["a", recipient()]]), true);
    await dispatcher.accept(["1", "2", "3", "4", "5"].map((text) => offer("x", text)));
    expect(receivers.lines).toEqual([["webhook.lost", { target: "a", events: 2, reason: "queue full" }]]);
  });
});
