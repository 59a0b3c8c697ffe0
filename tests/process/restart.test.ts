// The only process of a server restarts, as a service manager does it: the next one starts when the one before has ended.
import { startServer } from "@sealcast/server-testing";
import { expect, onTestFinished, test } from "vitest";
import { publish } from "../fixtures/api-request.ts";
import { localOptions, PusherJs } from "../fixtures/pusher-js.ts";
import { SealcastProcess } from "../fixtures/sealcast-process.ts";

/** What a client went through, without the reasons. */
interface Visitor {
  readonly pusher: PusherJs;
  readonly states: string[];
  readonly events: unknown[];
}

/** More than one share of a drain. */
const clients = 30;
/** Two of the time-outs after which pusher-js tries again if an attempt was refused. */
const timeoutMs = 30_000;

function visit(port: number): Visitor {
  const pusher = new PusherJs("app-key", localOptions(port));
  onTestFinished(() => pusher.disconnect());
  const states: string[] = [];
  const events: unknown[] = [];
  pusher.connection.bind("state_change", ({ current }: { readonly current: string }) => states.push(current));
  pusher.subscribe("news").bind("flash", (data: unknown) => events.push(data));
  return { pusher, states, events };
}

test.each([
  { drain: "at once", drainSeconds: 0 },
  { drain: "over a second", drainSeconds: 1 },
])(
  "[CLOSE6] [CLOSE8] pusher-js is back with its first attempt after a restart that drains $drain",
  { timeout: timeoutMs },
  async ({ drainSeconds }) => {
    const [before, port] = await SealcastProcess.start(["--drain-seconds", String(drainSeconds)]);
    onTestFinished(() => before.signal("SIGKILL"));
    const visitors = Array.from({ length: clients }, () => visit(port));
    const areSubscribed = (): boolean => visitors.every(({ pusher }) => pusher.channel("news").subscribed);
    await expect.poll(areSubscribed, { timeout: timeoutMs }).toBe(true);
    for (const { states } of visitors) states.length = 0;
    before.signal("SIGTERM");
    expect(await before.exited).toBe(0);
    // In this process, because on a busy machine a new one needs longer to start than pusher-js waits for its next attempt.
    const after = await startServer({ settings: { port } });
    onTestFinished(() => after.close());
    const areBack = (): boolean => visitors.every(({ states }) => states.at(-1) === "connected") && areSubscribed();
    await expect.poll(areBack, { timeout: timeoutMs }).toBe(true);
    await publish(port, "news", "flash", '"back"');
    await expect.poll(() => visitors.every(({ events }) => events.length === 1), { timeout: timeoutMs }).toBe(true);
    // After an attempt that was refused, the state becomes "unavailable".
    expect(new Set(visitors.flatMap(({ states }) => states))).toEqual(new Set(["connecting", "connected"]));
  },
);
