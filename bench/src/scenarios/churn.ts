import { Bench, type Lab } from "../lab.ts";
import { subjects, type Subject } from "../subjects/subject.ts";

const compared: readonly Subject[] = [subjects.sealcast];
const concurrency = 64;

/** Whether clients that come and go leave memory behind: resident memory after the first fifth of the time, and at the end. */
export async function churn(lab: Lab): Promise<void> {
  for (const subject of compared) {
    await Bench.with(subject, async (bench) => {
      const slice = lab.pace.churnSeconds / 5;
      let lives = 0;
      const residentMib: number[] = [];
      for (let i = 0; i < 5; i += 1) {
        const result = await bench.load.order("churn", { seconds: slice, concurrency }, slice + 30);
        lives += result.lives;
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
    });
  }
}
