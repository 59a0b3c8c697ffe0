import { setTimeout as sleep } from "node:timers/promises";
import { Bench, type Lab } from "../lab.ts";
import { subjects, type Subject } from "../subjects/subject.ts";

const compared: readonly Subject[] = [subjects.sealcast];
const concurrency = 64;
/** Time in which the memory of collected garbage goes back to the system. */
const settleMs = 500;

/**
 * Whether clients that come and go leave memory behind: resident memory after the first fifth of the time, and at the end. Garbage
 * is collected before: how much of it there is at one moment varies by more than the aim allows.
 */
export async function churn(lab: Lab): Promise<void> {
  for (const subject of compared) {
    const use = async (bench: Bench): Promise<void> => {
      const slice = lab.pace.churnSeconds / 5;
      let lives = 0;
      const residentMib: number[] = [];
      for (let i = 0; i < 5; i += 1) {
        const result = await bench.load.order("churn", { seconds: slice, concurrency }, slice + 30);
        lives += result.lives;
        await collectGarbage(bench);
        residentMib.push(bench.server.residentKib() / 1024);
        lab.record({
          scenario: "churn",
          what: "resident memory",
          subject: subject.name,
          x: Math.round(slice * (i + 1)),
          values: { residentMib: residentMib[i] ?? 0 },
        });
      }
      const [early = 0] = residentMib;
      const late = residentMib.at(-1) ?? 0;
      lab.record({
        scenario: "churn",
        what: "growth",
        subject: subject.name,
        values: { lives, seconds: lab.pace.churnSeconds, earlyMib: early, lateMib: late, growth: late / early - 1 },
      });
    };
    await Bench.with(subject, use, { inside: true });
  }
}

/** The second collection finds what the first one let end. */
async function collectGarbage({ server }: Bench): Promise<void> {
  for (let round = 0; round < 2; round += 1) {
    await server.ask("collect-garbage");
    await sleep(settleMs);
  }
}
