import { limits } from "./limits.ts";
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

/**
 * Writes a parsed JSON value as text, or gives undefined where it is nested more than `limits.jsonDepth` levels deep: an
 * engine takes time with the square of the depth, so that one message could keep a server busy for milliseconds.
 */
export function writeJson(value: unknown): string | undefined {
  return isDeeperThan(limits.jsonDepth, value) ? undefined : JSON.stringify(value);
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((child) => isDeeperThan(levels - 1, child));
}
