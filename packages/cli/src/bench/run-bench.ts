import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { Sealcast as Client } from "@sealcast/client";
import { CommandFailure } from "../command-failure.ts";
import { printResult } from "../output.ts";
import type { Target } from "../target/app-url.ts";
import { createApi } from "../target/create-api.ts";
import { resolveTarget, type TargetOptions } from "../target/resolve-target.ts";
import { summarize } from "./latencies.ts";

/** Options of `bench`. */
interface BenchOptions extends TargetOptions {
  readonly json?: boolean;
  readonly connections: number;
  readonly rate: number;
  readonly seconds: number;
  readonly bytes: number;
}

/** What the subscribers received. */
interface Received {
  readonly latenciesMs: number[];
}

/** Connections that are opened at the same time. */
const connectingAtOnce = 50;
const connectTimeoutMs = 30_000;
/** How long the last events may take. */
const lastEventsMs = 5_000;

/** Connects subscribers, publishes events at a constant rate, and reports what arrived and when. */
export async function runBench(options: BenchOptions): Promise<void> {
  const target = await resolveTarget(options);
  const channel = `sealcast-bench-${randomUUID()}`;
  const received: Received = { latenciesMs: [] };
  const clients: Client[] = [];
  try {
    const startMs = performance.now();
    await connectAll(target, channel, options.connections, clients, received);
    const connectMs = performance.now() - startMs;
    const { published, failed } = await publishAll(target, channel, options, received);
    const expected = published * options.connections;
    for (let waited = 0; waited < lastEventsMs && received.latenciesMs.length < expected; waited += 50) await wait(50);
    const report = {
      connections: options.connections,
      connectSeconds: Math.round(connectMs) / 1_000,
      published,
      failed,
      delivered: received.latenciesMs.length,
      lost: expected - received.latenciesMs.length,
      latencyMs: summarize(received.latenciesMs),
    };
    progress("");
    printResult(options.json, report, () => describe(report));
  } finally {
    for (const client of clients) client.disconnect();
  }
}

async function connectAll(
  target: Target,
  channel: string,
  count: number,
  clients: Client[],
  received: Received,
): Promise<void> {
  while (clients.length < count) {
    const some = Array.from({ length: Math.min(connectingAtOnce, count - clients.length) }, () => {
      const client = new Client(target.key, { url: target.socketUrl });
      clients.push(client);
      return subscribed(client, channel, received);
    });
    await Promise.all(some);
    progress(`${clients.length} of ${count} connected`);
  }
}

/** Resolves when a client is subscribed. Its latencies are counted from then on. */
function subscribed(client: Client, channel: string, { latenciesMs }: Received): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new CommandFailure("A connection was not established within 30 seconds. Try `sealcast doctor`."));
    }, connectTimeoutMs);
    const subscription = client.subscribe(channel);
    subscription.bind("pusher:subscription_succeeded", () => {
      clearTimeout(timer);
      resolve();
    });
    subscription.bind("tick", (data) => {
      latenciesMs.push(performance.now() - (data as { readonly sentMs: number }).sentMs);
    });
  });
}

async function publishAll(
  target: Target,
  channel: string,
  { rate, seconds, bytes }: BenchOptions,
  received: Received,
): Promise<{ readonly published: number; readonly failed: number }> {
  const api = await createApi(target);
  const counts = { published: 0, failed: 0 };
  const running: Promise<void>[] = [];
  const startMs = performance.now();
  for (let index = 0; index < rate * seconds; index += 1) {
    const dueMs = startMs + (index * 1_000) / rate;
    if (dueMs > performance.now()) await wait(dueMs - performance.now());
    const data = { sentMs: performance.now(), padding: "x".repeat(bytes - 40) };
    running.push(
      api.trigger(channel, "tick", data).then(
        () => void (counts.published += 1),
        () => void (counts.failed += 1),
      ),
    );
    if (index % rate === 0) progress(`${index} published, ${received.latenciesMs.length} delivered`);
  }
  await Promise.all(running);
  return counts;
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text}`);
}

function describe(report: {
  readonly connections: number;
  readonly connectSeconds: number;
  readonly published: number;
  readonly failed: number;
  readonly delivered: number;
  readonly lost: number;
  readonly latencyMs: ReturnType<typeof summarize>;
}): string {
  const { connections, connectSeconds, published, failed, delivered, lost, latencyMs } = report;
  const latency =
    latencyMs === undefined
      ? "-"
      : `p50 ${latencyMs.p50} ms, p95 ${latencyMs.p95} ms, p99 ${latencyMs.p99} ms, max ${latencyMs.max} ms`;
  return `Connections  ${connections} in ${connectSeconds} s
Published    ${published} (${failed} failed)
Delivered    ${delivered} (${lost} lost)
Latency      ${latency}
`;
}
