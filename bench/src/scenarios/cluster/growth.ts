import type { Lab } from "../../lab.ts";
import { channelName, type ChannelPlan } from "../../load/orders.ts";
import type { ClusterBench } from "./cluster-bench.ts";
import { measurePublish, subscribers, usualPlan } from "./work.ts";

/** What grows, and how far. */
export const growth = { "by subscribers": [100, 1_000, 5_000], "by channels": [1, 100, 1_000] } as const;

/** How the costs of a publish grow with the subscribers of a channel, and with the channels that events are spread over. */
export async function measureGrowth(lab: Lab, bench: ClusterBench): Promise<void> {
  for (const count of growth["by subscribers"]) {
    await replaceSubscribers(bench, count, { kind: "shared", count: 1 });
    await repeat(lab, bench, "by subscribers", 1, count, count);
  }
  for (const count of growth["by channels"]) {
    await replaceSubscribers(bench, subscribers, { kind: "spread", count });
    await repeat(lab, bench, "by channels", count, subscribers / count, count);
  }
}

async function replaceSubscribers(bench: ClusterBench, count: number, channels: ChannelPlan): Promise<void> {
  await bench.leave();
  await bench.subscribe(count, channels);
}

async function repeat(
  lab: Lab,
  bench: ClusterBench,
  what: keyof typeof growth,
  channels: number,
  deliveriesPerEvent: number,
  x: number,
): Promise<void> {
  const names = Array.from({ length: channels }, (_, index) => channelName(index));
  for (let round = 0; round < lab.pace.rounds; round += 1) {
    await measurePublish(lab, bench, what, { ...usualPlan, channels: names, deliveriesPerEvent }, x);
  }
}
