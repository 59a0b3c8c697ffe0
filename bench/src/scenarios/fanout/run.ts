import type { Bench, Lab } from "../../lab.ts";
import { channelName, type ChannelPlan } from "../../load/orders.ts";
import type { PublishPlan } from "../../load/publish-run.ts";

/** How many events are published at the same time, and in one request. */
export const publishModes = {
  "one at a time": { inFlight: 1, eventsPerRequest: 1, waitsForDelivery: true },
  "16 in flight": { inFlight: 16, eventsPerRequest: 1 },
  "batches of 10": { inFlight: 1, eventsPerRequest: 10 },
} as const;

/** Subscribers wherever their number is not what varies. */
export const subscribers = 1000;

export const oneChannel: ChannelPlan = { kind: "shared", count: 1 };

/** Names of all channels that subscribers with this plan are in. */
export function channelNames(plan: ChannelPlan): string[] {
  return Array.from({ length: plan.count }, (_, i) => channelName(i));
}

/** What is published wherever nothing else is said: 100 bytes, 16 in flight, to everybody. */
export const usualPlan: Omit<PublishPlan, "seconds"> = {
  ...publishModes["16 in flight"],
  channels: channelNames(oneChannel),
  dataBytes: 100,
  deliveriesPerEvent: subscribers,
};

/** Runs one publishing run and records it; `x` is its place on a curve. */
export async function measure(
  lab: Lab,
  bench: Bench,
  what: string,
  plan: Omit<PublishPlan, "seconds">,
  x?: number,
): Promise<void> {
  const result = await bench.publish({ ...plan, seconds: lab.pace.runSeconds });
  lab.record({
    scenario: "fanout",
    what,
    subject: bench.subject.name,
    ...(x === undefined ? {} : { x }),
    values: {
      deliveriesPerSecond: result.deliveries / result.seconds,
      cpuMicrosPerDelivery: result.cpuMicros / result.deliveries,
      serverCpuShare: result.cpuMicros / 1e6 / result.seconds,
      loadCpuShare: result.loadCpuShare,
    },
  });
}
