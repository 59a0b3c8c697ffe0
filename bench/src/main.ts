/** `npm run bench [-- scenario…] [-- --quick | --full]`: measures, keeps the raw results and writes the report. */
import type { Lab, Pace } from "./lab.ts";
import { describeMachine } from "./machine.ts";
import { scenarioNames, type Measurement, type ScenarioName } from "./measurement.ts";
import { writeReport } from "./report/write-report.ts";
import { loadResults, saveResults } from "./results.ts";
import { churn } from "./scenarios/churn.ts";
import { cluster } from "./scenarios/cluster.ts";
import { connect } from "./scenarios/connect.ts";
import { crypto } from "./scenarios/crypto.ts";
import { fanout } from "./scenarios/fanout.ts";
import { latency } from "./scenarios/latency.ts";
import { memory } from "./scenarios/memory.ts";
import { observers } from "./scenarios/observers.ts";
import { publish } from "./scenarios/publish.ts";
import { webhooks } from "./scenarios/webhooks.ts";

const scenarios: Readonly<Record<ScenarioName, (lab: Lab) => Promise<void>>> = {
  fanout,
  publish,
  latency,
  memory,
  connect,
  churn,
  webhooks,
  observers,
  cluster,
  crypto,
};
const usual: Pace = { rounds: 2, turns: 7, runSeconds: 0.6, churnSeconds: 40 };
const quick: Pace = { rounds: 1, turns: 1, runSeconds: 0.2, churnSeconds: 5 };
const full: Pace = { rounds: 4, turns: 15, runSeconds: 1, churnSeconds: 300 };

const options = ["--quick", "--full", "--report"];
const args = process.argv.slice(2);
const unknown = args.filter((arg) => !options.includes(arg) && !isScenario(arg));
if (unknown.length > 0) {
  console.error(
    `Cannot measure "${unknown.join(" ")}": choose from ${scenarioNames.join(", ")}; --full takes longer, --quick only shows that everything runs and keeps no results, --report only writes the report`,
  );
  process.exit(2);
}
const chosen = args.some(isScenario) ? scenarioNames.filter((name) => args.includes(name)) : scenarioNames;
const pace = args.includes("--quick") ? quick : args.includes("--full") ? full : usual;
if (!args.includes("--report")) for (const name of chosen) await run(name);
if (pace !== quick) {
  writeReport(loadResults());
  console.log("Wrote docs/benchmarks.md");
}

async function run(scenario: ScenarioName): Promise<void> {
  const takenAt = new Date().toISOString();
  const measurements: Measurement[] = [];
  await scenarios[scenario]({
    pace,
    record(measurement) {
      measurements.push(measurement);
      console.log(progressLine(measurement));
    },
  });
  if (pace !== quick) saveResults({ scenario, takenAt, machine: describeMachine(), measurements });
}

function progressLine({ scenario, what, subject, x, values }: Measurement): string {
  const minutes = Math.floor(process.uptime() / 60);
  const seconds = Math.floor(process.uptime() % 60)
    .toString()
    .padStart(2, "0");
  const numbers = Object.entries(values).map(
    ([name, value]) => `${name} ${Number(value.toPrecision(3)).toLocaleString("en")}`,
  );
  return `${minutes}:${seconds} ${scenario}, ${what}${x === undefined ? "" : ` ${x}`}: ${subject}: ${numbers.join(", ")}`;
}

function isScenario(arg: string): arg is ScenarioName {
  return scenarioNames.some((name) => name === arg);
}
