import { endOfString, fail, parseJson, type Parsed, type Problem } from "@sealcast/protocol";
import type { Turns } from "../core/turns.ts";

/** Length from which a string is parsed by itself, in UTF-16 units. */
const longLength = 16 * 1_024;
/** Most that a text may hold besides such strings: more takes too long to parse in one call. */
const maxRestLength = 1_024 * 1_024;

/** Where a string begins and ends, quotation marks included. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Parses a large JSON text in several turns of the event loop: `JSON.parse` takes some 150 ms for 20 MB of escaped text. Each
 * long string is parsed in a turn of its own, and then put in its place.
 *
 * @param problem as for `parseJson`.
 */
export async function parseLargeJson(text: string, turns: Turns, problem: Problem): Promise<Parsed<unknown>> {
  const strings = await longStrings(text, turns);
  // Nobody can guess it, so no other string is taken for a placeholder.
  const mark = globalThis.crypto.randomUUID();
  const rest = withPlaceholders(text, strings, mark);
  if (rest.length > maxRestLength) {
    return fail(
      "bodyTooLarge",
      `Request body too large: at most ${maxRestLength} characters besides the data of events`,
    );
  }
  const parsed = parseJson(rest, problem);
  if (!parsed.ok) return parsed;
  const values = new Map<string, unknown>();
  for (const [index, { start, end }] of strings.entries()) {
    await turns.next();
    const value = parseJson(text.slice(start, end), problem);
    if (!value.ok) return value;
    values.set(mark + index, value.value);
  }
  return { ok: true, value: withValues(parsed.value, values) };
}

/** The long strings of a JSON text, in their order. */
async function longStrings(text: string, turns: Turns): Promise<readonly Span[]> {
  const found: Span[] = [];
  for (let start = text.indexOf('"'); start !== -1;) {
    const end = endOfString(text, start) + 1;
    if (end - start >= longLength) found.push({ start, end });
    start = text.indexOf('"', end);
    if (!turns.hasTime()) await turns.next();
  }
  return found;
}

function withPlaceholders(text: string, strings: readonly Span[], mark: string): string {
  let rest = "";
  let at = 0;
  for (const [index, { start, end }] of strings.entries()) {
    rest += `${text.slice(at, start)}"${mark}${index}"`;
    at = end;
  }
  return rest + text.slice(at);
}

/** Puts values in the place of their placeholders. */
function withValues(value: unknown, values: ReadonlyMap<string, unknown>): unknown {
  if (typeof value === "string") return values.get(value) ?? value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => withValues(item, values));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withValues(item, values)]));
}
