import type { QueryParameter } from "@sealcast/protocol";

/** Reads a raw query by the rules of HTML forms: "+" is a space, `%XX` a byte of UTF-8; a broken escape stays as it is. */
export function parseQuery(raw: string): QueryParameter[] {
  if (raw === "") return [];
  return raw.split("&").flatMap((pair) => {
    if (pair === "") return [];
    const equals = pair.indexOf("=");
    const name = equals === -1 ? pair : pair.slice(0, equals);
    return [[decode(name), equals === -1 ? "" : decode(pair.slice(equals + 1))]];
  });
}

/** The last value of a parameter, or undefined. */
export function parameter(query: readonly QueryParameter[], name: string): string | undefined {
  return query.findLast(([key]) => key === name)?.[1];
}

/** Decodes the percent escapes of a path segment or value; a broken escape stays as it is. */
export function percentDecode(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function decode(text: string): string {
  return percentDecode(text.includes("+") ? text.replaceAll("+", " ") : text);
}
