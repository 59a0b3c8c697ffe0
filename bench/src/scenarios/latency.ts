import { Bench, type Lab } from "../lab.ts";
import { channelName } from "../load/orders.ts";
import { subjects, type Subject } from "../subjects/subject.ts";

const compared: readonly Subject[] = [
  subjects.sealcast,
  subjects.ws,
  subjects.bun,
  subjects.sealcastBun,
  subjects.socketIo,
];
const plan = { channel: channelName(0), dataBytes: 100, eventsPerSecond: 20 } as const;
const subscribers = 1000;

/** How long an event takes when there is time: nothing may wait for a batch that is not coming. */
export async function latency(lab: Lab): Promise<void> {
  await Bench.withAll(compared, async (benches) => {
    for (const bench of benches) {
      await bench.subscribe(subscribers);
      await bench.load.order("latency", { ...plan, seconds: 1 });
    }
    for (let turn = 0; turn < lab.pace.turns; turn += 1) {
      for (const { load, subject } of benches) {
        await load.order("show-life", null);
        await load.order("latency", { ...plan, seconds: 0.2 });
        const { p50Ms, p99Ms } = await load.order("latency", { ...plan, seconds: 2 * lab.pace.runSeconds });
        lab.record({ scenario: "latency", what: "20 events/s", subject: subject.name, values: { p50Ms, p99Ms } });
      }
    }
  });
}
