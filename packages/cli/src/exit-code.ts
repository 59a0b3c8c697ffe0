/** The exit codes of every command. Signals end a command with 128 plus their number. */
export const exitCodes = [
  { code: 0, meaning: "success" },
  { code: 1, meaning: "failure" },
  { code: 2, meaning: "wrong usage" },
] as const;

/** What a command was asked to do did not work. */
export const failure = 1;

/** The arguments make no sense: an unknown command, a missing option. */
export const wrongUsage = 2;
