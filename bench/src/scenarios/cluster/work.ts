import type { Lab } from "../../lab.ts";
import { channelName } from "../../load/orders.ts";
import type { PublishPlan } from "../../load/publish-run.ts";
import type { ClusterBench } from "./cluster-bench.ts";

export const subscribers = 1_000;

/** 100 bytes, 16 publishes in flight. */
export const usualPlan: Omit<PublishPlan, "seconds"> = {
  channels: [channelName(0)],
  dataBytes: 100,
  inFlight: 16,
  eventsPerRequest: 1,
  deliveriesPerEvent: 0,
};

/** Publishes on channels without subscribers, without and with a history, and to 1,000 subscribers; in turns. */
export async function measurePublishes(lab: Lab, benches: readonly ClusterBench[]): Promise<void> {
  const kept = { ...usualPlan, channels: ["kept-0"] };
  const toAll = { ...usualPlan, deliveriesPerEvent: subscribers };
  for (let turn = 0; turn < lab.pace.turns; turn += 1) {
    for (const bench of benches) await measurePublish(lab, bench, "publish without subscribers", usualPlan);
    for (const bench of benches) await measurePublish(lab, bench, "publish that is kept", kept);
  }
  for (const bench of benches) await bench.subscribe(subscribers);
  for (let turn = 0; turn < lab.pace.turns; turn += 1) {
    for (const bench of benches) await measurePublish(lab, bench, "publish to 1,000 subscribers", toAll);
  }
}

/** Runs one publishing run and records it; `x` is its place on a curve. */
export async function measurePublish(
  lab: Lab,
  bench: ClusterBench,
  what: string,
  plan: Omit<PublishPlan, "seconds">,
  x?: number,
): Promise<void> {
  const { requests, deliveries, seconds, nodeMicros, redisMicros } = await bench.publish(plan, lab.pace);
  const ofDeliveries = {
    deliveriesPerCpuSecond: (deliveries / nodeMicros) * 1e6,
    nodeMicrosPerDelivery: nodeMicros / deliveries,
  };
  lab.record({
    scenario: "cluster",
    what,
    subject: bench.name,
    ...(x === undefined ? {} : { x }),
    values: {
      publishesPerSecond: requests / seconds,
      nodeMicrosPerPublish: nodeMicros / requests,
      redisMicrosPerPublish: redisMicros / requests,
      ...(deliveries === 0 ? {} : ofDeliveries),
    },
  });
}

/** The delay of events that come one by one, to 1,000 subscribers. */
export async function measureLatency(lab: Lab, benches: readonly ClusterBench[]): Promise<void> {
  const plan = { channel: channelName(0), dataBytes: 100, eventsPerSecond: 20 };
  for (let turn = 0; turn < lab.pace.turns; turn += 1) {
    for (const { load, name } of benches) {
      await load.order("show-life", null);
      await load.order("latency", { ...plan, seconds: 0.2 });
      const { p50Ms, p99Ms } = await load.order("latency", { ...plan, seconds: 2 * lab.pace.runSeconds });
      lab.record({ scenario: "cluster", what: "20 events/s", subject: name, values: { p50Ms, p99Ms } });
    }
  }
}
