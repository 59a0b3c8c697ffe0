import { quantile } from "../statistics.ts";
import { clientFrame } from "./client-frame.ts";
import type { Dialect } from "./dialect.ts";
import { Subscriber } from "./subscriber.ts";

/** How long newcomers had to wait. */
export interface AcceptResult {
  readonly accepts: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly slowestMs: number;
}

/** For `seconds`, opens connections one after the other and times each from the TCP connect to the server's first message. */
export async function acceptRun(port: number, dialect: Dialect, seconds: number): Promise<AcceptResult> {
  const waits: number[] = [];
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    const start = performance.now();
    const subscriber = await Subscriber.open(port, dialect);
    waits.push(performance.now() - start);
    subscriber.drop();
  }
  return {
    accepts: waits.length,
    p50Ms: quantile(waits, 0.5),
    p99Ms: quantile(waits, 0.99),
    slowestMs: quantile(waits, 1),
  };
}

/** For `seconds`, lets `concurrency` clients connect, subscribe, unsubscribe and leave, again and again; answers with how many lives they had. */
export async function churnRun(
  port: number,
  dialect: Dialect,
  seconds: number,
  concurrency: number,
): Promise<{ readonly lives: number }> {
  let lives = 0;
  const end = performance.now() + seconds * 1000;
  const client = async (): Promise<void> => {
    while (performance.now() < end) {
      const channel = `churn-${lives % 5000}`;
      lives += 1;
      const subscriber = await Subscriber.open(port, dialect);
      await subscriber.ask(clientFrame(dialect.subscribe(channel)), 1);
      subscriber.say(clientFrame(dialect.unsubscribe(channel)));
      subscriber.drop();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, client));
  return { lives };
}
