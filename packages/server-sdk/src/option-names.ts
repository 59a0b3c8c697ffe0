import { closest, distance } from "fastest-levenshtein";
import { SealcastError } from "./sealcast-error.ts";

/** Names of options in other libraries, each with the name here. */
export type RenamedOptions = Readonly<Record<string, string>>;

/**
 * Checks that options are an object whose names are all known, so that a misspelled option is not ignored in silence.
 *
 * @param callee the name, in the message, of what takes the options, such as `new Sealcast`.
 * @throws {SealcastError} `invalid-options` that names the option and suggests the one that was meant.
 */
export function checkOptionNames(
  callee: string,
  options: unknown,
  known: readonly string[],
  renamed: RenamedOptions = {},
): asserts options is object {
  if (typeof options !== "object" || options === null) {
    throw new SealcastError("invalid-options", `${callee} needs an object of options, got ${typeName(options)}`);
  }
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const meant = Object.hasOwn(renamed, name) ? renamed[name] : nearestName(name, known);
    const hint = meant === undefined ? "" : `: did you mean ${meant}?`;
    throw new SealcastError("invalid-options", `${callee} has no option ${JSON.stringify(name.slice(0, 100))}${hint}`);
  }
}

/**
 * Checks that an option is a function.
 *
 * @throws {SealcastError} `invalid-options` that names the option.
 */
export function checkFunctionOption(callee: string, name: string, value: unknown): void {
  if (typeof value === "function") return;
  throw new SealcastError("invalid-options", `${callee} needs the option ${name}: a function, got ${typeName(value)}`);
}

/** Returns the type of a value in words, never the value: it may be a secret in the wrong place. */
export function typeName(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** Returns the closest known name, if it differs only in letter case, in two letters or in a third of its letters. */
function nearestName(name: string, known: readonly string[]): string | undefined {
  const lower = name.slice(0, 100).toLowerCase();
  const sameLetters = known.find((candidate) => candidate.toLowerCase() === lower);
  if (sameLetters !== undefined) return sameLetters;
  const best = closest(
    lower,
    known.map((candidate) => candidate.toLowerCase()),
  );
  if (distance(lower, best) > Math.max(Math.min(2, lower.length - 2), lower.length / 3)) return undefined;
  return known.find((candidate) => candidate.toLowerCase() === best);
}
