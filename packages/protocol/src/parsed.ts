import type { ErrorId } from "./error-catalogue.ts";

/** What went wrong with one input: a row of the error catalogue and a sentence about this very input. */
export interface Problem {
  readonly id: ErrorId;
  /** Failed action, value found, value wanted. Never holds a secret, a key, or a payload. */
  readonly message: string;
}

/** The answer of every parser: a value, or the problem with the input. Parsers never throw. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Problem };

/** Wraps a value that passed its parser. */
export function ok<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

/** Builds the failed answer of a parser. */
export function fail(id: ErrorId, message: string): { readonly ok: false; readonly error: Problem } {
  return { ok: false, error: { id, message } };
}

/** How much of an untrusted value an error message repeats, in characters. */
const quotedLength = 60;

/** Quotes an untrusted value for an error message: JSON-escaped, shortened, its type named when it is not text. */
export function quote(value: unknown): string {
  if (typeof value !== "string") return typeName(value);
  return value.length > quotedLength
    ? `${JSON.stringify(value.slice(0, quotedLength))}… (${value.length} characters)`
    : JSON.stringify(value);
}

function typeName(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
