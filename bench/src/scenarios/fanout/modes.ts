import { Bench, type Lab } from "../../lab.ts";
import { subjects, type Subject } from "../../subjects/subject.ts";
import { measure, publishModes, subscribers, usualPlan } from "./run.ts";

const compared: readonly Subject[] = [
  subjects.sealcast,
  subjects.ws,
  subjects.bun,
  subjects.sealcastBun,
  subjects.collected,
  subjects.net,
  subjects.uws,
  subjects.socketIo,
];

/** The comparison with other servers, in each way of publishing. */
export function compareModes(lab: Lab): Promise<void> {
  return Bench.withAll(compared, async (benches) => {
    for (const bench of benches) {
      await bench.load.order("verify", null);
      await bench.subscribe(subscribers);
    }
    for (let turn = 0; turn < lab.pace.turns; turn += 1) {
      for (const [what, mode] of Object.entries(publishModes)) {
        for (const bench of benches) await measure(lab, bench, what, { ...usualPlan, ...mode });
      }
    }
  });
}
