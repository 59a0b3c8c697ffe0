import { fail, limits, parseUserData, quote, type Parsed, type Problem, type UserData } from "@sealcast/protocol";

/** Everything that decides whether a connection may sign in. */
export interface SignInFacts {
  /** What is wrong with the signature. */
  readonly authProblem: Problem | undefined;
  /** The text that was signed. */
  readonly userData: string;
  /** The user that the connection is signed in as. */
  readonly user: UserData | undefined;
}

/** Decides a sign-in; the value is the user. */
export function decideSignIn({ authProblem, userData, user }: SignInFacts): Parsed<UserData> {
  if (authProblem !== undefined) return { ok: false, error: authProblem };
  const parsed = parseUserData(userData);
  if (!parsed.ok || user === undefined || user.id === parsed.value.id) return parsed;
  return fail(
    "otherUserSignedIn",
    `Cannot sign in as ${quote(parsed.value.id)}: the connection is signed in as ${quote(user.id)}`,
  );
}

/** The users that a connection watches, out of those that it asked for, and what is wrong with the rest. */
export function decideWatchlist(wanted: readonly string[]): {
  readonly watched: readonly string[];
  readonly problem: Problem | undefined;
} {
  const users = [...new Set(wanted)];
  if (users.length <= limits.watchlistLength) return { watched: users, problem: undefined };
  return {
    watched: users.slice(0, limits.watchlistLength),
    problem: {
      id: "watchlistTooLong",
      message: `The watchlist has ${users.length} users; the first ${limits.watchlistLength} are watched`,
    },
  };
}
