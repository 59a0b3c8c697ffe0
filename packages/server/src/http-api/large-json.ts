import { fail, ok, parseJson, type Parsed, type Problem } from "@sealcast/protocol";
import type { Turns } from "../core/turns.ts";
import { bodyText } from "./body-text.ts";
import { findLongStrings, piecesOf, type LongString } from "./long-strings.ts";

/** Most bytes that a text may hold besides long strings: more takes too long to parse in one call. */
const maxRestBytes = 1_024 * 1_024;

/**
 * Decodes and parses a large JSON text in several turns of the event loop: at once, 20 MB of escaped text take some 150 ms. Each piece of
 * a long string takes a turn of its own, and the strings are then put in their places. The whole text is never copied.
 *
 * @param json in UTF-8.
 * @param problem as for `parseJson`.
 */
export async function parseLargeJson(json: Uint8Array, turns: Turns, problem: Problem): Promise<Parsed<unknown>> {
  const strings = await findLongStrings(json, turns);
  const restBytes = strings.reduce((bytes, { start, end }) => bytes - (end - start), json.length);
  if (restBytes > maxRestBytes) {
    return fail("bodyTooLarge", `Request body too large: at most ${maxRestBytes} bytes besides the data of events`);
  }
  // Nobody can guess it, so no other string is taken for a placeholder.
  const mark = globalThis.crypto.randomUUID();
  const rest = withPlaceholders(json, strings, mark);
  if (!rest.ok) return rest;
  const parsed = parseJson(rest.value, problem);
  if (!parsed.ok) return parsed;
  const values = new Map<string, string>();
  for (const [index, string] of strings.entries()) {
    const value = await parseString(piecesOf(json, string), turns, problem);
    if (!value.ok) return value;
    values.set(mark + index, value.value);
  }
  return ok(withValues(parsed.value, values));
}

/** Parses a string of which each piece is a string by itself. */
async function parseString(pieces: readonly Uint8Array[], turns: Turns, problem: Problem): Promise<Parsed<string>> {
  let value = "";
  for (const piece of pieces) {
    await turns.next();
    const text = bodyText(piece);
    if (!text.ok) return text;
    const parsed = parseJson(`"${text.value}"`, problem);
    if (!parsed.ok) return parsed;
    if (typeof parsed.value !== "string") return { ok: false, error: problem };
    value += parsed.value;
  }
  return ok(value);
}

function withPlaceholders(json: Uint8Array, strings: readonly LongString[], mark: string): Parsed<string> {
  let rest = "";
  let at = 0;
  for (const [index, { start, end }] of strings.entries()) {
    const before = bodyText(json.subarray(at, start));
    if (!before.ok) return before;
    rest += `${before.value}"${mark}${index}"`;
    at = end + 1;
  }
  const last = bodyText(json.subarray(at));
  return last.ok ? ok(rest + last.value) : last;
}

/** Puts values in the place of their placeholders. */
function withValues(value: unknown, values: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string") return values.get(value) ?? value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => withValues(item, values));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withValues(item, values)]));
}
