import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Bench, type Lab } from "../lab.ts";
import { channelName } from "../load/orders.ts";
import { subjects, type Subject } from "../subjects/subject.ts";

const off: Subject = { ...subjects.sealcast, name: "without webhooks" };
const on: Subject = { ...subjects.sealcast, name: "every webhook on" };
const subscribers = 200;
const connections = 500;
/** Time for a server to close the connections of the previous turn, and to send what that caused. */
const settleMs = 500;
const events = [
  "channel_occupied",
  "channel_vacated",
  "member_added",
  "member_removed",
  "client_event",
  "cache_miss",
  "subscription_count",
];

/** What webhooks for every kind of event cost a server that publishes, delivers and subscribes. */
export async function webhooks(lab: Lab): Promise<void> {
  const receiver = await startReceiver();
  const folder = mkdtempSync(join(tmpdir(), "sealcast-bench-webhooks-"));
  const { port } = receiver.address() as AddressInfo;
  const settings = { dataDirectory: folder, allowPrivateWebhookTargets: true };
  const app = { webhooks: [{ url: `http://127.0.0.1:${port}/`, events, batch: true }] };
  try {
    await Bench.with(off, (first) =>
      Bench.with(on, (second) => measureInTurns(lab, [first, second]), { settings, app }),
    );
  } finally {
    receiver.close();
    rmSync(folder, { recursive: true });
  }
}

async function measureInTurns(lab: Lab, benches: readonly Bench[]): Promise<void> {
  for (let turn = 0; turn < lab.pace.turns; turn += 1) {
    for (const bench of benches) await subscribe(lab, bench);
  }
  for (const bench of benches) await bench.load.order("close", null);
  await sleep(settleMs);
  for (let turn = 0; turn < lab.pace.turns; turn += 1) {
    for (const bench of benches) await publish(lab, bench, "publish without subscribers", 0);
  }
  for (const bench of benches) await bench.subscribe(subscribers);
  await sleep(settleMs);
  for (let turn = 0; turn < lab.pace.turns; turn += 1) {
    for (const bench of benches) await publish(lab, bench, "publish to 200 subscribers", subscribers);
  }
}

/** Each connection subscribes to a channel of its own, so that each causes an event. */
async function subscribe(lab: Lab, bench: Bench): Promise<void> {
  await bench.load.order("close", null);
  await sleep(settleMs);
  const { seconds, cpuMicros } = await bench.subscribe(connections, { kind: "spread", count: connections });
  lab.record({
    scenario: "webhooks",
    what: "connect and subscribe",
    subject: bench.subject.name,
    values: { perSecond: connections / seconds, cpuMicrosEach: cpuMicros / connections },
  });
}

async function publish(lab: Lab, bench: Bench, what: string, deliveriesPerEvent: number): Promise<void> {
  const plan = { channels: [channelName(0)], dataBytes: 100, inFlight: 16, eventsPerRequest: 1, deliveriesPerEvent };
  const result = await bench.publish({ ...plan, seconds: lab.pace.runSeconds });
  lab.record({
    scenario: "webhooks",
    what,
    subject: bench.subject.name,
    values: { perSecond: result.requests / result.seconds, cpuMicrosEach: result.cpuMicros / result.requests },
  });
}

function startReceiver(): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer((request, response) => {
      request.resume();
      request.on("end", () => response.writeHead(204).end());
    });
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
}
