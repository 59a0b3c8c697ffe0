import { parse, tokenize } from "@humanwhocodes/momoa";
import { isTextTooDeep } from "@sealcast/protocol";

/** Parsed JSON, or what is wrong with the text. */
export type ParsedJson = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly got: string };

/** Parses JSON. A fault is described by its kind and place only: the text around it may be a secret. */
export function parseJson(text: string): ParsedJson {
  if (isTextTooDeep(text)) return { ok: false, got: "text that is nested too deeply" };
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    return { ok: false, got: text.trim() === "" ? "nothing" : `text that is not JSON${placeOfFault(text)}` };
  }
}

function placeOfFault(text: string): string {
  try {
    parse(text, { mode: "json" });
    return placeOfBrokenString(text);
  } catch (error) {
    if (!(error instanceof Error && "line" in error && "column" in error)) return "";
    return ` (line ${String(error.line)}, column ${String(error.column)})`;
  }
}

/** The one fault that momoa accepts: a line break or another control character in a string. */
function placeOfBrokenString(text: string): string {
  for (const { type, loc } of tokenize(text, { mode: "json" })) {
    const token = text.slice(loc.start.offset, loc.end.offset);
    if (type === "String" && token.split("").some((character) => character < " "))
      return ` (line ${loc.start.line}, column ${loc.start.column})`;
  }
  return "";
}
