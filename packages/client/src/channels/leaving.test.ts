import * as fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Channel } from "./channel.ts";
import { Sealcast, whenSubscribed } from "../index.ts";
import { FakeServer } from "../fake-server/index.ts";
import { settle } from "../testing/scripted-client.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const names = ["news", "private-a", "presence-a"] as const;
type Act =
  | "subscribe"
  | "unsubscribe"
  | "channel.unsubscribe"
  | "publish"
  | "to-server"
  | "to-client"
  | "authorize"
  | "cut";
const acts = fc.tuple(
  fc.constantFrom<Act>(
    "subscribe",
    "subscribe",
    "unsubscribe",
    "unsubscribe",
    "channel.unsubscribe",
    "publish",
    "to-server",
    "to-server",
    "to-client",
    "to-client",
    "authorize",
    "cut",
  ),
  fc.constantFrom(...names, "news", "news"),
);

/** A client with a server whose messages, and an endpoint whose answers, only the test delivers. */
class Run {
  readonly server = new FakeServer({ manual: true });
  readonly problems: string[] = [];
  readonly client: Sealcast;
  private readonly answers: (() => void)[] = [];
  private readonly objects = new Set<Channel>();
  private readonly settled = new Set<Channel>();
  private published = 0;

  constructor() {
    this.client = new Sealcast("key", {
      ...this.server.options(),
      log: false,
      channelAuthorization: {
        timeoutMs: 1e9,
        customHandler: async ({ channelName }) => {
          await new Promise<void>((resolve) => this.answers.push(resolve));
          return { auth: "a", ...(channelName.startsWith("presence-") && { channel_data: '{"user_id":"u"}' }) };
        },
      },
    });
  }

  /** Does one act with the channel of this name, then checks what must hold at any time. */
  async act(act: Act, name: string): Promise<void> {
    const { client, server } = this;
    if (act === "subscribe") this.watch(client.subscribe(name));
    else if (act === "unsubscribe") client.unsubscribe(name);
    else if (act === "channel.unsubscribe") client.channel(name)?.unsubscribe();
    else if (act === "publish") await server.publish(name, "e", (this.published += 1));
    else if (act === "authorize") this.answers.shift()?.();
    else if (act === "cut") server.cut();
    else server.deliver(act);
    await settle();
    for (const each of names) {
      if (client.channel(each)?.subscribed && !server.subscribers(each)) {
        this.problems.push(`${each} is subscribed, and the server does not have it`);
      }
    }
  }

  /** Delivers everything, and lets the client reconnect. */
  async quiesce(): Promise<void> {
    for (let idle = 0; idle < 3;) {
      const worked = [
        this.server.deliver("to-server"),
        this.server.deliver("to-client"),
        this.answers.shift()?.() === undefined && false,
      ];
      await settle();
      if (worked.includes(true) || this.answers.length) idle = 0;
      else {
        idle += 1;
        await vi.advanceTimersByTimeAsync(45_000);
        await settle();
      }
    }
  }

  /** What the documented rules say once nothing is under way. */
  check(): void {
    const { client, server, problems, objects, settled } = this;
    for (const name of names) {
      const channel = client.channel(name);
      const expected = channel ? 1 : 0;
      if (server.subscribers(name) !== expected)
        problems.push(`${name}: ${server.subscribers(name)} on the server, expected ${expected}`);
      if (channel && !channel.subscribed) problems.push(`${name} is not subscribed`);
    }
    for (const channel of objects) {
      if (!settled.has(channel)) problems.push(`whenSubscribed of ${channel.name} is pending`);
      if (channel.left.aborted === (client.channel(channel.name) === channel))
        problems.push(`${channel.name}: left and listed`);
    }
  }

  private watch(channel: Channel): void {
    if (this.objects.has(channel)) return;
    this.objects.add(channel);
    let last = 0;
    channel.bind_global((event, data) => {
      if (channel.left.aborted) this.problems.push(`${event} on ${channel.name} after it was left`);
      if (event !== "e") return;
      if (!channel.subscribed) this.problems.push(`event on ${channel.name} before it is subscribed`);
      if ((data as number) <= last) this.problems.push(`event ${String(data)} of ${channel.name} again`);
      last = data as number;
    });
    whenSubscribed(channel).then(
      () => this.settled.add(channel),
      () => this.settled.add(channel),
    );
  }
}

const numRuns = Number(process.env["SEALCAST_RUNS"] ?? 150);
const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);
test(`in ${numRuns} random orders (seed ${seed}) of subscribe, leave, answer and cut, the client and the server agree`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(acts, { minLength: 10, maxLength: 40 }), async (list) => {
      const run = new Run();
      for (const act of ["to-server", "to-client"] as const) await run.act(act, "news");
      for (const [act, name] of list) await run.act(act, name);
      await run.quiesce();
      run.check();
      run.client.disconnect();
      expect(run.problems).toEqual([]);
    }),
    { numRuns, seed },
  );
}, 3_600_000);
