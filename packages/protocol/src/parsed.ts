import { characterCount, exceedsCharacters } from "./character-count.ts";
import type { ErrorId } from "./error-catalogue.ts";

/** Why an input was refused: the id of a row in the error catalogue, and a sentence about this input. */
export interface Problem {
  /** Its row in `errorCatalogue`. */
  readonly id: ErrorId;
  /** What failed, what was expected and what was found. Never contains a secret, a key or a payload. */
  readonly message: string;
}

/** The result of every parser: a value, or the problem with the input. Parsers never throw. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Problem };

/** Returns the successful result of a parser. */
export function ok<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

/** Returns the failed result of a parser. */
export function fail(id: ErrorId, message: string): { readonly ok: false; readonly error: Problem } {
  return { ok: false, error: { id, message } };
}

/** Most characters of an untrusted value that an error message repeats. */
const quotedLength = 60;

/**
 * Quotes an untrusted value for an error message: JSON-escaped, and shortened to 60 characters. Returns only the type of a
 * value that is not a string.
 *
 * @example
 * quote("a\nb"); // '"a\\nb"'
 * quote([1, 2]); // "an array"
 */
export function quote(value: unknown): string {
  if (typeof value !== "string") return typeName(value);
  if (!exceedsCharacters(value, quotedLength)) return JSON.stringify(value);
  // A character has at most two units.
  const start = Array.from(value.slice(0, 2 * quotedLength))
    .slice(0, quotedLength)
    .join("");
  return `${JSON.stringify(start)}… (${characterCount(value)} characters)`;
}

function typeName(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
