import { serverSettings } from "../core/settings/server-settings.ts";
import { settingFacts } from "../core/settings/setting.ts";
import type { ConfigProblem } from "./config-problem.ts";
import { mismatchProblems, unknownOption } from "./mismatch-problems.ts";

/** Settings by name, each of them valid. */
export type GivenSettings = Readonly<Record<string, unknown>>;

/**
 * Reads settings from texts: flags or environment variables. Adds their problems to `problems`.
 *
 * @param texts texts by the name of the flag or the variable; true for a flag without a value.
 * @param nameOf returns the name of the flag or the variable of a setting.
 */
export function readTexts(
  texts: ReadonlyMap<string, string | true>,
  nameOf: (setting: string) => string,
  problems: ConfigProblem[],
): GivenSettings {
  const given: Record<string, unknown> = {};
  const unknown = new Set(texts.keys());
  for (const [setting, schema] of Object.entries(serverSettings.shape)) {
    const name = nameOf(setting);
    unknown.delete(name);
    const text = texts.get(name);
    if (text === undefined) continue;
    const value = valueOf(text, settingFacts(schema));
    const issues =
      value === undefined ? [noValue(settingFacts(schema).expected)] : schema.safeParse(value).error?.issues;
    if (issues === undefined) given[setting] = value;
    else problems.push(...mismatchProblems({ schema, value, issues, placeOf: () => name }));
  }
  const known = Object.keys(serverSettings.shape).map(nameOf);
  for (const name of unknown) problems.push(unknownOption(name, name, known));
  return given;
}

/** Returns the value that a text stands for; undefined for a flag that lacks its value. */
function valueOf(text: string | true, { placeholder, fromText }: ReturnType<typeof settingFacts>): unknown {
  if (text === true) return placeholder === undefined ? true : undefined;
  return fromText(text);
}

/** A flag without the value that it needs. The schema would take the default instead. */
function noValue(expected: string): { code: "custom"; path: []; message: string } {
  return { code: "custom", path: [], message: expected };
}
