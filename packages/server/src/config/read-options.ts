import { closestName } from "./closest-name.ts";
import type { ConfigProblem } from "./config-problem.ts";
import { describeFound } from "./describe-found.ts";
import { readLaterSetting, type LaterSettings } from "./later-settings.ts";
import type { Option, OptionTable } from "./option.ts";

/** A JSON object of the configuration file: the file itself, or one app. */
export interface Section {
  /** The place of a field, for problems. */
  readonly place: (field: string) => string;
  readonly fields: ReadonlyMap<string, unknown>;
  /** Fields that are not options and are read elsewhere. */
  readonly others: readonly string[];
  readonly later: LaterSettings;
}

/** The options that a section sets; whatever is wrong or unknown in it is added to `problems`. */
export function readOptions<T>(options: OptionTable<T>, section: Section, problems: ConfigProblem[]): Partial<T> {
  const values: Partial<T> = {};
  for (const key in options) {
    const found = section.fields.get(key);
    if (found === undefined) continue;
    const value = readValue(options[key], found, section.place(key), problems);
    if (value !== undefined) values[key] = value;
  }
  const known = [...Object.keys(options), ...section.others];
  for (const [field, found] of section.fields) {
    if (known.includes(field)) continue;
    const later = section.later.get(field);
    if (later === undefined) problems.push(unknownName(section.place(field), field, known));
    else problems.push(...readLaterSetting(later, found, section.place(field)));
  }
  return values;
}

/** The options that flags or environment variables set; whatever is wrong or unknown is added to `problems`. */
export function readTexts<T>(
  options: OptionTable<T>,
  nameOf: (key: string) => string,
  texts: ReadonlyMap<string, string | true>,
  problems: ConfigProblem[],
): Partial<T> {
  const values: Partial<T> = {};
  const known = new Set<string>();
  for (const key in options) {
    const name = nameOf(key);
    known.add(name);
    const text = texts.get(name);
    if (text === undefined) continue;
    const option: Option<T[typeof key]> = options[key];
    const found = text === true ? (option.isSwitch ? true : undefined) : option.fromText(text);
    const value = readValue(option, found, name, problems);
    if (value !== undefined) values[key] = value;
  }
  for (const name of texts.keys()) if (!known.has(name)) problems.push(unknownName(name, name, [...known]));
  return values;
}

/** The value of every option that nobody set. */
export function defaultsOf<T>(options: OptionTable<T>): T {
  const entries = Object.entries<Option<unknown>>(options).map(([key, option]) => [key, option.default]);
  return Object.fromEntries(entries) as T;
}

/** The value of one option, or undefined after adding to `problems` what is wrong with it. */
function readValue<T>(option: Option<T>, found: unknown, where: string, problems: ConfigProblem[]): T | undefined {
  if (option.accepts(found)) return found;
  problems.push({
    where,
    found: describeFound(found),
    wanted: option.wanted,
    fix: `Correct it, or leave it out for the default (${describeFound(option.default)}).`,
  });
  return undefined;
}

/** What to report for a name that is not an option. */
function unknownName(where: string, name: string, known: readonly string[]): ConfigProblem {
  const meant = closestName(name, known);
  return {
    where,
    found: "an unknown option",
    wanted: meant === undefined ? "an option of this version" : JSON.stringify(meant),
    fix: meant === undefined ? "Remove it; docs/configuration.md lists all options." : "Rename it, or remove it.",
  };
}
