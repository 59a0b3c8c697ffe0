import { endOfString, jsonUnits } from "./json-scan.ts";
import { utf8Length } from "./utf8-length.ts";

/**
 * Returns the text of a property's value, as it stands in the JSON text of an object: `1.10` stays `1.10`. Returns
 * undefined if the object does not have the property. If it has the property twice, the last one counts, as in
 * `JSON.parse`.
 *
 * @param json valid JSON of an object; check it with `parseJson` first.
 */
export function propertyText(json: string, name: string): string | undefined {
  let found: string | undefined;
  let at = afterSpace(json, json.indexOf("{") + 1);
  while (json.charCodeAt(at) === jsonUnits.quotationMark) {
    const keyEnd = endOfString(json, at) + 1;
    const key = json.slice(at, keyEnd);
    const start = afterSpace(json, json.indexOf(":", keyEnd) + 1);
    const end = endOfValue(json, start);
    if (isKey(key, name)) found = json.slice(start, end);
    at = afterSpace(json, end);
    if (json.charCodeAt(at) === jsonUnits.comma) at = afterSpace(json, at + 1);
  }
  return found;
}

/** Returns the length of JSON text in bytes of UTF-8 without needless escapes: `\u00e9` counts as the two bytes of "é". */
export function jsonLength(json: string): number {
  if (!json.includes("\\u")) return utf8Length(json);
  const escape = /\\(?:u([0-9a-f]{4})|.)/gi;
  const unescaped = json.replaceAll(escape, (escaped, hex?: string) => {
    const unit = hex === undefined ? 0 : Number.parseInt(hex, 16);
    return unit < 0x20 ? escaped : String.fromCharCode(unit);
  });
  return utf8Length(unescaped);
}

function isKey(key: string, name: string): boolean {
  return key.includes("\\") ? JSON.parse(key) === name : key.length === name.length + 2 && key.slice(1, -1) === name;
}

/** Index behind the value that begins at `start`. */
function endOfValue(json: string, start: number): number {
  const first = json.charCodeAt(start);
  if (first === jsonUnits.quotationMark) return endOfString(json, start) + 1;
  let at = start;
  if (!opens(first)) {
    while (at < json.length && !endsScalar(json.charCodeAt(at))) at += 1;
    return at;
  }
  for (let depth = 0; at < json.length; at += 1) {
    const unit = json.charCodeAt(at);
    if (unit === jsonUnits.quotationMark) at = endOfString(json, at);
    else if (opens(unit)) depth += 1;
    else if (closes(unit)) depth -= 1;
    if (depth === 0) break;
  }
  return at + 1;
}

function opens(unit: number): boolean {
  return unit === jsonUnits.leftBracket || unit === jsonUnits.leftBrace;
}

function closes(unit: number): boolean {
  return unit === jsonUnits.rightBracket || unit === jsonUnits.rightBrace;
}

/** Whether a unit stands behind a number, `true`, `false` or `null`. */
function endsScalar(unit: number): boolean {
  return unit <= 0x20 || unit === jsonUnits.comma || closes(unit);
}

function afterSpace(json: string, at: number): number {
  let next = at;
  while (json.charCodeAt(next) <= 0x20) next += 1;
  return next;
}
