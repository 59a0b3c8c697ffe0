import { setTimeout as sleep } from "node:timers/promises";
import type { Bench, Lab } from "../lab.ts";
import { channelName } from "../load/orders.ts";
import type { ScenarioName } from "../measurement.ts";

const subscribers = 200;
const connections = 500;
/** Time for a server to close the connections of the previous turn, and to send what that caused. */
const settleMs = 500;

/**
 * Measures servers that differ in one option, in turns: connections that subscribe, publishes without subscribers, and
 * publishes to many.
 */
export async function measureWork(lab: Lab, scenario: ScenarioName, benches: readonly Bench[]): Promise<void> {
  for (let turn = 0; turn < lab.pace.turns; turn += 1) {
    for (const bench of benches) await subscribe(lab, scenario, bench);
  }
  for (const bench of benches) await bench.load.order("close", null);
  await sleep(settleMs);
  for (let turn = 0; turn < lab.pace.turns; turn += 1) {
    for (const bench of benches) await publish(lab, scenario, bench, "publish without subscribers", 0);
  }
  for (const bench of benches) await bench.subscribe(subscribers);
  await sleep(settleMs);
  for (let turn = 0; turn < lab.pace.turns; turn += 1) {
    for (const bench of benches) await publish(lab, scenario, bench, "publish to 200 subscribers", subscribers);
  }
}

/** Each connection subscribes to a channel of its own, so that each causes an event. */
async function subscribe(lab: Lab, scenario: ScenarioName, bench: Bench): Promise<void> {
  await bench.load.order("close", null);
  await sleep(settleMs);
  const { seconds, cpuMicros } = await bench.subscribe(connections, { kind: "spread", count: connections });
  lab.record({
    scenario,
    what: "connect and subscribe",
    subject: bench.subject.name,
    values: { perSecond: connections / seconds, cpuMicrosEach: cpuMicros / connections },
  });
}

async function publish(
  lab: Lab,
  scenario: ScenarioName,
  bench: Bench,
  what: string,
  deliveriesPerEvent: number,
): Promise<void> {
  const plan = { channels: [channelName(0)], dataBytes: 100, inFlight: 16, eventsPerRequest: 1, deliveriesPerEvent };
  const result = await bench.publish({ ...plan, seconds: lab.pace.runSeconds });
  lab.record({
    scenario,
    what,
    subject: bench.subject.name,
    values: { perSecond: result.requests / result.seconds, cpuMicrosEach: result.cpuMicros / result.requests },
  });
}
