/** One thing that stops a configuration from being used. Holds no secret, no key and nothing that may be one. */
export interface ConfigProblem {
  /** The flag, the environment variable, or the place in the configuration file. */
  readonly where: string;
  readonly found: string;
  readonly wanted: string;
  /** What to do about it. */
  readonly fix: string;
}

/** The full list of problems as a person reads it. */
export function describeProblems(problems: readonly ConfigProblem[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const entries = problems.map(
    ({ where, found, wanted, fix }) => `  ${where}\n    found   ${found}\n    wanted  ${wanted}\n    fix     ${fix}`,
  );
  return `Cannot use this configuration: ${count}.\n\n${entries.join("\n\n")}\n`;
}
