import { setTimeout as sleep } from "node:timers/promises";
import { Bench, type Lab } from "../lab.ts";
import { subjects, type Subject } from "../subjects/subject.ts";

const compared: readonly Subject[] = [subjects.sealcast, subjects.ws, subjects.bun, subjects.sealcastBun];
const connections = 10_000;
/** Connections before the count begins, so that code and buffers that a server needs once are not charged to the first client. */
const rehearsal = 200;
const settleMs = 2000;

/** What an idle subscribed connection occupies. */
export async function memory(lab: Lab): Promise<void> {
  for (let round = 0; round < lab.pace.rounds; round += 1) {
    for (const subject of compared) {
      await Bench.with(
        subject,
        async (bench) => {
          await bench.subscribe(rehearsal);
          await bench.load.order("close", null);
          await sleep(settleMs / 2);
          await bench.server.ask("collect-garbage");
          const before = bench.server.residentKib();
          await bench.subscribe(connections);
          await sleep(settleMs);
          const settled = bench.server.residentKib() - before;
          await bench.server.ask("collect-garbage");
          const collected = bench.server.residentKib() - before;
          lab.record({
            scenario: "memory",
            what: "10,000 on one channel",
            subject: subject.name,
            values: { kibPerConnection: settled / connections, kibPerConnectionCollected: collected / connections },
          });
        },
        { inside: true },
      );
    }
  }
}
