import { ownProperties } from "@sealcast/protocol";
import type { ConfigFile, UnreadableFile } from "./config-file.ts";
import type { ConfigProblem } from "./config-problem.ts";
import { describeCredential } from "./describe-found.ts";
import { jsonFault } from "./json-fault.ts";

/** The fields of a configuration file, or undefined after adding to `problems` why there are none. */
export function parseConfigFile(
  file: ConfigFile | UnreadableFile,
  problems: ConfigProblem[],
): ReadonlyMap<string, unknown> | undefined {
  if ("code" in file) {
    const found = file.code === "ENOENT" ? "no such file" : `a file that cannot be read (${file.code})`;
    problems.push({ where: file.path, found, wanted: "a JSON file", fix: "Check the path and who may read it." });
    return undefined;
  }
  const json = parseJson(file.text, file.path, problems);
  const fields = ownProperties(json);
  if (json !== undefined && fields === undefined) {
    const fix = "Begin with {; `sealcast keys` prints a file to start from.";
    problems.push({ where: file.path, found: describeCredential(json), wanted: "a JSON object", fix });
  }
  return fields;
}

/** Parsed JSON, or undefined after adding a problem. The engine's own message quotes the text, so it is not used. */
export function parseJson(text: string, where: string, problems: ConfigProblem[]): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const found = text.trim() === "" ? "nothing" : `text that is not JSON (${jsonFault(text)})`;
    const fix = "Look for a missing or trailing comma, a missing quotation mark, or a comment.";
    problems.push({ where, found, wanted: "JSON", fix });
    return undefined;
  }
}
