import type { ConfigProblem } from "./config-problem.ts";
import type { StatedName } from "./stated-names.ts";

/** Returns a problem for each id or key that is not unique. */
export function repeatedNames(names: readonly StatedName[], placeOf: (path: string) => string): ConfigProblem[] {
  const owners = new Map<string, string>();
  const problems: ConfigProblem[] = [];
  for (const { kind, text, path } of names) {
    if (kind === "secret") continue;
    const owner = owners.get(`${kind} ${text}`);
    if (owner === undefined) owners.set(`${kind} ${text}`, path);
    else problems.push(repeated(kind, placeOf(path), placeOf(owner)));
  }
  return problems;
}

function repeated(kind: string, where: string, owner: string): ConfigProblem {
  const fix = "`sealcast keys` makes an id, a key and a secret.";
  return {
    where,
    expected: `a ${kind} that no other app has`.replace("a id", "an id"),
    got: `the same as ${owner}`,
    fix,
  };
}
