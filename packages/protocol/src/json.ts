import { ok, type Parsed, type Problem } from "./parsed.ts";

/** Parses JSON without throwing; a text that is not JSON gives `problem`. */
export function parseJson(text: string, problem: Problem): Parsed<unknown> {
  try {
    return ok(JSON.parse(text) as unknown);
  } catch {
    return { ok: false, error: problem };
  }
}

/** The own properties of a JSON object, or undefined for anything else (arrays and null included). */
export function ownProperties(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return new Map(Object.entries(value));
}

/** Writes a parsed JSON value as text, or gives undefined where it is nested too deeply for the engine. */
export function writeJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
