import { Bench, type Lab } from "../lab.ts";
import { subjects, type Subject } from "../subjects/subject.ts";
import { measureWork } from "./work.ts";

const token = "a-token-of-the-benchmark";
const readMs = 1_000;
const types =
  "connection,disconnection,subscribed,unsubscribed,occupied,vacated,api-message,client-event,presence-event,webhook-sent,webhook-failed,error,api-error,client-error";

/** A way to observe a server: its settings, and what somebody does with it during the measurement. */
interface Observation {
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Begins to observe; returns a function that ends it. */
  readonly begin?: (bench: Bench) => Promise<() => void>;
}

const observations: readonly Observation[] = [
  { name: "no log, no console", settings: { logLevel: "silent", console: false } },
  { name: "console, nobody watches", settings: { logLevel: "silent" } },
  { name: "console, one page watches", settings: { logLevel: "silent" }, begin: watchConsole },
  { name: "log at its default", settings: { console: false } },
  {
    name: "metrics read each second",
    settings: { logLevel: "silent", console: false, metricsToken: token },
    begin: readMetrics,
  },
];

/** What it costs that the server observes itself: nothing as long as nobody listens. */
export async function observers(lab: Lab): Promise<void> {
  // Half of the usual turns, because there are many servers.
  const pace = { ...lab.pace, turns: Math.ceil(lab.pace.turns / 2) };
  await observe(observations, [], (benches) => measureWork({ ...lab, pace }, "observers", benches));
}

async function observe(
  [observation, ...others]: readonly Observation[],
  benches: readonly Bench[],
  measure: (benches: readonly Bench[]) => Promise<void>,
): Promise<void> {
  if (observation === undefined) return measure(benches);
  const { begin, name, settings } = observation;
  const subject: Subject = { ...subjects.sealcast, name };
  await Bench.with(
    subject,
    async (bench) => {
      const end = await begin?.(bench);
      try {
        await observe(others, [...benches, bench], measure);
      } finally {
        end?.();
      }
    },
    { settings },
  );
}

async function readMetrics({ server }: Bench): Promise<() => void> {
  const read = async (): Promise<void> => {
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`http://127.0.0.1:${server.port}/metrics`, { headers });
    if (!response.ok) throw new Error(`/metrics answers ${response.status}`);
    await response.arrayBuffer();
  };
  await read();
  const timer = setInterval(() => void read(), readMs);
  return () => clearInterval(timer);
}

/** Follows the log of the console with every type of entry, as a page does. */
async function watchConsole({ server }: Bench): Promise<() => void> {
  const watching = new AbortController();
  const url = `http://127.0.0.1:${server.port}/console/api/apps/1001/stream?types=${types}`;
  const response = await fetch(url, { signal: watching.signal });
  if (!response.ok || response.body === null) throw new Error(`The console's stream answers ${response.status}`);
  const ended = response.body.pipeTo(new WritableStream());
  ended.catch((error: unknown) => {
    if (!watching.signal.aborted) throw error;
  });
  return () => watching.abort();
}
