import { endOfString, jsonUnits } from "./json-scan.ts";
import { limits } from "./limits.ts";
import { ok, type Parsed, type Problem } from "./parsed.ts";

/**
 * Parses JSON without throwing. Returns `problem` if the text is not JSON, or if it is nested more than
 * `limits.jsonTextDepth` levels deep: a JavaScript engine parses such text a hundred times slower than flat text.
 *
 * @param problem what the result holds if the text is not accepted.
 * @example
 * const parsed = parseJson(text, { id: "malformedMessage", message: "Malformed message: expected JSON" });
 */
export function parseJson(text: string, problem: Problem): Parsed<unknown> {
  if (isTextTooDeep(text)) return { ok: false, error: problem };
  try {
    return ok(JSON.parse(text) as unknown);
  } catch {
    return { ok: false, error: problem };
  }
}

/** Returns whether a JSON text is nested more than `limits.jsonTextDepth` levels deep. */
export function isTextTooDeep(text: string): boolean {
  return isTextDeeperThan(limits.jsonTextDepth, text);
}

/** Returns the own properties of an object, or undefined for any other value, arrays and null included. */
export function ownProperties(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return new Map(Object.entries(value));
}

function isTextDeeperThan(levels: number, text: string): boolean {
  // Few texts have so many brackets, and counting them is fast.
  if (countUpTo(levels, "[", text) + countUpTo(levels, "{", text) <= levels) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === jsonUnits.quotationMark) at = endOfString(text, at);
    else if (unit === jsonUnits.leftBracket || unit === jsonUnits.leftBrace) depth += 1;
    else if (unit === jsonUnits.rightBracket || unit === jsonUnits.rightBrace) depth -= 1;
    if (depth > levels) return true;
  }
  return false;
}

/** Counts a character in a text, up to one more than `most`. */
function countUpTo(most: number, character: string, text: string): number {
  let count = 0;
  for (let at = text.indexOf(character); at !== -1 && count <= most; at = text.indexOf(character, at + 1)) count += 1;
  return count;
}
