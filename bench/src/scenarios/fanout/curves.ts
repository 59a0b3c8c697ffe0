import { Bench, type Lab } from "../../lab.ts";
import { subjects, type Subject } from "../../subjects/subject.ts";
import type { ChannelPlan } from "../../load/orders.ts";
import { channelNames, measure, usualPlan } from "./run.ts";

const compared: readonly Subject[] = [subjects.sealcast, subjects.sealcastBun, subjects.ws, subjects.bun];
const audiences = [1, 10, 100, 1000, 5000];
const sizes = [100, 1024, 10_240];
const channelCounts = [1, 10, 100, 1000];
/** Connections in the series over channels per connection: with 1,000 connections, only subscribing would take minutes. */
const manyChannelsConnections = 100;

/** The curves, by name, with what grows along them. */
export const curves = {
  "by subscribers": "subscribers of the channel",
  "by size": "bytes of data per event (1,000 subscribers)",
  "by channels per connection": `channels per connection (${manyChannelsConnections} connections)`,
} as const satisfies Record<string, string>;

/** What a delivery costs as audience, events and subscriptions grow. */
export function followCurves(lab: Lab): Promise<void> {
  return Bench.withAll(compared, async (benches) => {
    const point = async (what: keyof typeof curves, x: number, plan: Partial<typeof usualPlan>): Promise<void> => {
      for (const bench of benches) await measure(lab, bench, what, { ...usualPlan, ...plan }, x);
    };
    let audience = 0;
    for (const deliveriesPerEvent of audiences) {
      for (const bench of benches) await bench.subscribe(deliveriesPerEvent - audience);
      audience = deliveriesPerEvent;
      await point("by subscribers", audience, { deliveriesPerEvent });
      if (audience !== usualPlan.deliveriesPerEvent) continue;
      for (const dataBytes of sizes) await point("by size", dataBytes, { dataBytes });
    }
    for (const count of channelCounts) {
      const channels: ChannelPlan = { kind: "shared", count };
      for (const { load } of benches) await load.order("close", null);
      for (const bench of benches) await bench.subscribe(manyChannelsConnections, channels);
      const plan = { channels: channelNames(channels), deliveriesPerEvent: manyChannelsConnections };
      await point("by channels per connection", count, plan);
    }
  });
}
