import { setTimeout as sleep } from "node:timers/promises";
import { Bench, type Lab } from "../lab.ts";
import { LoadGenerator } from "../load/load-generator.ts";
import { ServerProcess } from "../subjects/server-process.ts";
import { subjects, type Subject } from "../subjects/subject.ts";

const compared: readonly Subject[] = [
  subjects.sealcast,
  subjects.ws,
  subjects.net,
  subjects.uws,
  subjects.bun,
  subjects.sealcastBun,
  subjects.socketIo,
];
const connections = 1500;
/** Time for a server to close the connections of the previous turn. */
const settleMs = 300;
const dropped = 10_000;

/** How fast clients get in, what happens when all leave at once, and how soon a server is there. */
export async function connect(lab: Lab): Promise<void> {
  await Bench.withAll(compared, async (benches) => {
    for (const bench of benches) await bench.subscribe(connections);
    for (let turn = 0; turn < lab.pace.turns; turn += 1) {
      for (const bench of benches) await rate(lab, bench);
    }
  });
  for (let round = 0; round < lab.pace.rounds; round += 1) {
    for (const subject of [subjects.sealcast, subjects.ws]) await drop(lab, subject);
  }
  for (let turn = 0; turn < lab.pace.turns; turn += 1) {
    for (const subject of [subjects.sealcast, subjects.sealcastBun, subjects.ws]) await start(lab, subject);
  }
}

async function rate(lab: Lab, bench: Bench): Promise<void> {
  await bench.load.order("close", null);
  await sleep(settleMs);
  const { seconds, cpuMicros } = await bench.subscribe(connections);
  lab.record({
    scenario: "connect",
    what: "connect and subscribe",
    subject: bench.subject.name,
    values: {
      connectsPerSecond: connections / seconds,
      cpuMicrosPerConnect: cpuMicros / connections,
      serverCpuShare: cpuMicros / 1e6 / seconds,
    },
  });
}

/** The clients belong to a process that is killed, so that the kernel hangs up for all of them within a moment. */
async function drop(lab: Lab, subject: Subject): Promise<void> {
  await Bench.with(
    subject,
    async (bench) => {
      await bench.subscribe(dropped);
      const newcomers = new LoadGenerator();
      try {
        await newcomers.order("target", { ports: [bench.server.port], dialect: subject.dialect });
        await newcomers.order("accept", { seconds: 0.5 });
        await bench.server.ask("start-loop-delay");
        const accepting = newcomers.order("accept", { seconds: 4 });
        await sleep(500);
        bench.load.kill();
        const { accepts, p99Ms, slowestMs } = await accepting;
        const delay = await bench.server.ask("stop-loop-delay");
        lab.record({
          scenario: "connect",
          what: "10,000 dropped at once",
          subject: subject.name,
          values: {
            accepts,
            acceptP99Ms: p99Ms,
            slowestAcceptMs: slowestMs,
            loopDelayP99Ms: delay.p99Ms,
            slowestLoopMs: delay.slowestMs,
          },
        });
      } finally {
        newcomers.kill();
      }
    },
    { inside: true },
  );
}

async function start(lab: Lab, subject: Subject): Promise<void> {
  const server = await ServerProcess.start(subject);
  await server.stop();
  lab.record({
    scenario: "connect",
    what: "start",
    subject: subject.name,
    values: { startSeconds: server.startSeconds },
  });
}
