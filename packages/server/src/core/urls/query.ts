import type { QueryParameter } from "@sealcast/protocol";
import { percentDecode } from "./percent-decode.ts";

/** Reads a raw query by the rules of HTML forms: "+" is a space, `%XX` a byte of UTF-8; a broken escape stays as it is. */
export function parseQuery(raw: string): QueryParameter[] {
  const query: QueryParameter[] = [];
  for (let start = 0; start < raw.length;) {
    const ampersand = raw.indexOf("&", start);
    const end = ampersand === -1 ? raw.length : ampersand;
    if (end > start) query.push(parsePair(raw.slice(start, end)));
    start = end + 1;
  }
  return query;
}

/** Returns the last value of a parameter, or undefined if the query does not have it. */
export function parameter(query: readonly QueryParameter[], name: string): string | undefined {
  return query.findLast(([key]) => key === name)?.[1];
}

function parsePair(pair: string): QueryParameter {
  const equals = pair.indexOf("=");
  return equals === -1 ? [decode(pair), ""] : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))];
}

function decode(text: string): string {
  return percentDecode(text.includes("+") ? text.replaceAll("+", " ") : text);
}
