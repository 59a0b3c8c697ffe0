import { Bench, type Lab } from "../lab.ts";
import { subjects, type Subject } from "../subjects/subject.ts";
import { measureWork } from "./work.ts";

const token = "a-token-of-the-benchmark";
const readMs = 1_000;
const nobody: Subject = { ...subjects.sealcast, name: "no log" };
const log: Subject = { ...subjects.sealcast, name: "log at its default" };
const metrics: Subject = { ...subjects.sealcast, name: "metrics read each second" };

/** What it costs that the server observes itself: nothing as long as nobody listens. */
export async function observers(lab: Lab): Promise<void> {
  const silent = { settings: { logLevel: "silent" } };
  const read = { settings: { logLevel: "silent", metricsToken: token } };
  await Bench.with(
    nobody,
    (first) =>
      Bench.with(log, (second) =>
        Bench.with(metrics, (third) => whileMetricsAreRead(third, () => measureAll(lab, [first, second, third])), read),
      ),
    silent,
  );
}

function measureAll(lab: Lab, benches: readonly Bench[]): Promise<void> {
  return measureWork(lab, "observers", benches);
}

async function whileMetricsAreRead(bench: Bench, measure: () => Promise<void>): Promise<void> {
  const read = async (): Promise<void> => {
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`http://127.0.0.1:${bench.server.port}/metrics`, { headers });
    if (!response.ok) throw new Error(`/metrics answers ${response.status}`);
    await response.arrayBuffer();
  };
  await read();
  const timer = setInterval(() => void read(), readMs);
  try {
    await measure();
  } finally {
    clearInterval(timer);
  }
}
