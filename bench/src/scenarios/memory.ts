import { setTimeout as sleep } from "node:timers/promises";
import { Bench, type Lab } from "../lab.ts";
import type { ChannelPlan } from "../load/orders.ts";
import { subjects, type Subject } from "../subjects/subject.ts";

const compared: readonly Subject[] = [
  subjects.sealcast,
  subjects.ws,
  subjects.net,
  subjects.uws,
  subjects.bun,
  subjects.sealcastBun,
];
/** What is measured: all connections on the same channel, or each on its own. */
export const oneChannel = "10,000 on one channel";
export const ownChannels = "10,000 on a channel each";
const connections = 10_000;
/**
 * Connections that are there before the count begins: by then the server has what it needs once, such as its code, and the
 * heap for new objects has grown to its full size, which is up to 4 KiB for each of 10,000 connections.
 */
const earlier = 5_000;
const settleMs = 2000;

/** What an idle subscribed connection occupies, and what a channel does that has one subscriber. */
export async function memory(lab: Lab): Promise<void> {
  for (let round = 0; round < lab.pace.rounds; round += 1) {
    for (const subject of compared) await measure(lab, subject, { kind: "shared", count: 1 }, oneChannel);
    await measure(lab, subjects.sealcast, { kind: "spread", count: earlier + connections }, ownChannels);
  }
}

async function measure(lab: Lab, subject: Subject, channels: ChannelPlan, what: string): Promise<void> {
  const use = async (bench: Bench): Promise<void> => {
    await bench.subscribe(earlier, channels);
    await sleep(settleMs);
    await bench.server.ask("collect-garbage");
    const before = bench.server.residentKib();
    const heapBefore = await heapBytes(bench);
    await bench.subscribe(connections, channels);
    await sleep(settleMs);
    const settled = bench.server.residentKib() - before;
    await bench.server.ask("collect-garbage");
    const collected = bench.server.residentKib() - before;
    const heap = (await heapBytes(bench)) - heapBefore;
    lab.record({
      scenario: "memory",
      what,
      subject: subject.name,
      values: {
        kibPerConnection: settled / connections,
        kibPerConnectionCollected: collected / connections,
        ...(subject.runtime === "node" ? { heapBytesPerConnection: heap / connections } : {}),
      },
    });
  };
  await Bench.with(subject, use, { inside: true });
}

/** What JavaScript objects of the server occupy after a garbage collection; 0 on Bun, which does not say it. */
async function heapBytes({ subject, server }: Bench): Promise<number> {
  return subject.runtime === "node" ? server.ask("heap-bytes") : 0;
}
