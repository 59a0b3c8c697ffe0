import { quantile } from "../statistics.ts";
import { HttpConnection } from "./http-connection.ts";
import { eventBody } from "./publish-run.ts";
import { signedRequest } from "./signed-request.ts";
import type { Subscriber } from "./subscriber.ts";
import type { Swarm } from "./swarm.ts";

/** A steady trickle of events on one channel that every member of the swarm is subscribed to. */
export interface LatencyPlan {
  readonly channel: string;
  readonly dataBytes: number;
  readonly eventsPerSecond: number;
  readonly seconds: number;
}

export interface LatencyResult {
  /** Milliseconds from writing the publish request to reading the event, over all events and subscribers. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly samples: number;
}

/** Publishes at a fixed pace, whatever the answers do, and times each arrival. */
export async function latencyRun(port: number, swarm: Swarm, plan: LatencyPlan): Promise<LatencyResult> {
  const events = Math.round(plan.eventsPerSecond * plan.seconds);
  const requests = Array.from({ length: events }, (_, i) =>
    signedRequest("events", JSON.stringify(eventBody(i, [plan.channel], plan.dataBytes))),
  );
  const subscribers = swarm.members.length;
  const sentAt = new Float64Array(events);
  const delays = new Float64Array(events * subscribers);
  const seen = new Map<Subscriber, number>(swarm.members.map((member) => [member, 0]));
  let samples = 0;
  swarm.reset();
  swarm.watch((count, subscriber) => {
    const now = performance.now();
    const first = seen.get(subscriber) ?? 0;
    for (let event = first; event < first + count; event += 1) {
      delays[samples] = now - (sentAt[event] ?? Number.NaN);
      samples += 1;
    }
    seen.set(subscriber, first + count);
  });
  const connection = await HttpConnection.open(port);
  const start = performance.now();
  let answered: Promise<void> = Promise.resolve();
  for (const [event, request] of requests.entries()) {
    await sleepUntil(start + (event * 1000) / plan.eventsPerSecond);
    await answered;
    sentAt[event] = performance.now();
    answered = connection.post(request);
  }
  await answered;
  await swarm.reach(events * subscribers);
  swarm.watch(undefined);
  connection.close();
  return { p50Ms: quantile(delays, 0.5), p99Ms: quantile(delays, 0.99), samples };
}

function sleepUntil(time: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, time - performance.now())));
}
