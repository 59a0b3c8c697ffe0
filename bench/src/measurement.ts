/** The scenarios, in the order in which they run. */
export const scenarioNames = [
  "fanout",
  "publish",
  "latency",
  "memory",
  "connect",
  "churn",
  "webhooks",
  "observers",
  "cluster",
  "crypto",
] as const;
export type ScenarioName = (typeof scenarioNames)[number];

/** One run of one thing. Everything in the report is computed from a list of these. */
export interface Measurement {
  readonly scenario: ScenarioName;
  /** What was measured, for example "one at a time"; runs with equal `what`, `subject` and `x` are repetitions. */
  readonly what: string;
  /** Name of the server. */
  readonly subject: string;
  /** Where on a curve, for measurements that belong to one: subscribers, bytes, channels. */
  readonly x?: number;
  /** Results by name; the unit is part of the name. */
  readonly values: Readonly<Record<string, number>>;
}

/** Results of one scenario with what must be known to compare them. */
export interface ScenarioResults {
  readonly scenario: ScenarioName;
  readonly takenAt: string;
  readonly machine: Readonly<Record<string, string>>;
  readonly measurements: readonly Measurement[];
}
