import { Bench, type Lab } from "../lab.ts";
import { channelName } from "../load/orders.ts";
import { subjects, type Subject } from "../subjects/subject.ts";

const compared: readonly Subject[] = [subjects.http, subjects.sealcast, subjects.bunHttp, subjects.sealcastBun];
const modes = { "1 event": 1, "batch of 10": 10 } as const;

/** What a signed publish costs before anybody receives it. */
export async function publish(lab: Lab): Promise<void> {
  await Bench.withAll(compared, async (benches) => {
    for (let turn = 0; turn < lab.pace.turns; turn += 1) {
      for (const [what, eventsPerRequest] of Object.entries(modes)) {
        for (const bench of benches) await measure(lab, bench, what, eventsPerRequest);
      }
    }
  });
}

async function measure(lab: Lab, bench: Bench, what: string, eventsPerRequest: number): Promise<void> {
  const result = await bench.publish({
    channels: [channelName(0)],
    dataBytes: 100,
    inFlight: 16,
    eventsPerRequest,
    deliveriesPerEvent: 0,
    seconds: lab.pace.runSeconds,
  });
  lab.record({
    scenario: "publish",
    what,
    subject: bench.subject.name,
    values: {
      requestsPerSecond: result.requests / result.seconds,
      cpuMicrosPerRequest: result.cpuMicros / result.requests,
      serverCpuShare: result.cpuMicros / 1e6 / result.seconds,
      loadCpuShare: result.loadCpuShare,
    },
  });
}
