/** One fault of a configuration. Never holds a value: that may be a secret, or a secret in the wrong place. */
export interface ConfigProblem {
  /** The flag, the environment variable, or the place in the configuration file. */
  readonly where: string;
  /** What a valid configuration has there. */
  readonly expected: string;
  /** What kind of thing is there instead. */
  readonly got: string;
  /** What to do about it. */
  readonly fix: string;
}

/** Problems that are shown in full; a long file of another program could have thousands. */
const shownProblems = 30;

/**
 * Returns the list of problems as text for a person: at most 30 of them, then the number of the others.
 *
 * @example
 * if (!resolved.ok) console.error(describeProblems(resolved.problems));
 */
export function describeProblems(problems: readonly ConfigProblem[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const entries = problems
    .slice(0, shownProblems)
    .map(
      ({ where, expected, got, fix }) =>
        `  ${where}\n    expected  ${expected}\n    got       ${got}\n    fix       ${fix}\n`,
    );
  const rest = problems.length - entries.length;
  if (rest > 0) entries.push(`  … and ${rest} more\n`);
  return `Cannot use this configuration: ${count}.\n\n${entries.join("\n")}`;
}
