import { Bench, type Lab } from "../../lab.ts";
import type { ChannelPlan } from "../../load/orders.ts";
import type { PublishPlan } from "../../load/publish-run.ts";
import { subjects } from "../../subjects/subject.ts";
import { channelNames, measure, oneChannel, subscribers, usualPlan } from "./run.ts";

interface Shape {
  readonly channels: ChannelPlan;
  readonly plan: Partial<PublishPlan>;
}

const spread: ChannelPlan = { kind: "spread", count: 100 };

/** Ways in which subscribers do not all get the same, and the plain way to compare them with. */
export const shapes = {
  "1 channel": { channels: oneChannel, plan: {} },
  "1 channel, another socket_id left out each time": {
    channels: oneChannel,
    plan: { excludeInTurn: true, deliveriesPerEvent: subscribers - 1 },
  },
  "100 channels of 10, each event to all": { channels: spread, plan: { toAll: true } },
  "100 channels of 10, each event to one": { channels: spread, plan: { deliveriesPerEvent: subscribers / 100 } },
} as const satisfies Record<string, Shape>;

/** What other channels and excluded senders cost. */
export function compareShapes(lab: Lab): Promise<void> {
  const all = Object.entries<Shape>(shapes);
  return Bench.withAll(
    all.map(() => subjects.sealcast),
    async (benches) => {
      const pairs = benches.flatMap((bench, i) => (all[i] ? [[bench, ...all[i]] as const] : []));
      for (const [bench, , { channels }] of pairs) await bench.subscribe(subscribers, channels);
      for (let turn = 0; turn < lab.pace.turns; turn += 1) {
        for (const [bench, what, { channels, plan }] of pairs) {
          await measure(lab, bench, what, { ...usualPlan, channels: channelNames(channels), ...plan });
        }
      }
    },
  );
}
