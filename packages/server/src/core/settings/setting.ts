import { z } from "zod";

/** What the loader, `--help` and the configuration page know about a setting, beside its schema. */
export interface SettingFacts {
  /** What the setting decides, in one or two sentences. */
  readonly doc: string;
  /** What a valid value looks like; the second half of "expected …". */
  readonly expected: string;
  /** For a limit: what it protects, who bears the cost when it is reached, and the answer they get. */
  readonly limit?: LimitFacts | undefined;
  /** Placeholder of the value in `--help`; undefined for a switch, which needs no value. */
  readonly placeholder: string | undefined;
  /** Converts the text of a flag or an environment variable; returns text that it cannot convert unchanged. */
  readonly fromText: (text: string) => unknown;
}

/** The purpose of a limit, for the configuration page. */
export interface LimitFacts {
  /** What would suffer without the limit. */
  readonly protects: string;
  /** Who bears the cost when the limit is reached. */
  readonly pays: string;
  /** What they see then: the close code, the status, or the effect. */
  readonly answer: string;
}

/** The part of the facts that a row states itself. */
interface Row<T> {
  readonly default: T;
  readonly doc: string;
  readonly limit?: LimitFacts;
}

const facts = z.registry<SettingFacts>();

/** Returns the facts of a setting that one of the functions below made. */
export function settingFacts(setting: z.ZodType): SettingFacts {
  const found = facts.get(setting);
  if (found === undefined) throw new TypeError("Not a setting");
  return found;
}

/** A whole number from `min` to `max`. */
export function wholeNumber(
  min: number,
  max: number,
  row: Row<number> & { readonly unit?: "bytes" | "seconds" | "characters" },
): z.ZodDefault<z.ZodInt> {
  const unit = row.unit === undefined ? "" : ` (${row.unit})`;
  const expected = `a whole number from ${min} to ${max}${unit}`;
  const schema = z.int(expected).min(min, expected).max(max, expected).default(row.default).describe(row.doc);
  return withFacts(schema, { ...row, expected, placeholder: "N", fromText: numberFromText });
}

/** On or off. */
export function onOff(row: Row<boolean>): z.ZodDefault<z.ZodBoolean> {
  const expected = "true or false";
  const schema = z.boolean(expected).default(row.default).describe(row.doc);
  return withFacts(schema, { ...row, expected, placeholder: undefined, fromText: switchFromText });
}

/** One of a few words. */
export function oneOf<const T extends string>(
  words: readonly T[],
  row: Row<NoInfer<T>>,
): z.ZodDefault<z.ZodLiteral<T>> {
  const expected = `one of ${words.map((word) => `"${word}"`).join(", ")}`;
  const schema = z
    .literal(words, expected)
    .default(row.default as never)
    .describe(row.doc);
  return withFacts(schema, { ...row, expected, placeholder: words.join("|"), fromText: (text) => text });
}

/** Text that matches a pattern, which `expected` describes; `normalize` is applied to matching text. */
export function textSetting(
  pattern: RegExp,
  expected: string,
  row: Row<string> & { readonly normalize?: (text: string) => string },
): z.ZodDefault<z.ZodString> {
  const text = z.string(expected).regex(pattern, expected);
  const schema = (row.normalize === undefined ? text : text.overwrite(row.normalize))
    .default(row.default)
    .describe(row.doc);
  return withFacts(schema, { ...row, expected, placeholder: "TEXT", fromText: (found) => found });
}

/** A list of items, each of which is text. In a flag or an environment variable, commas separate them. */
export function textList(
  item: z.ZodString,
  expected: string,
  row: Row<readonly string[]>,
): z.ZodDefault<z.ZodReadonly<z.ZodArray<z.ZodString>>> {
  const schema = z.array(item, expected).readonly().default(row.default).describe(row.doc);
  return withFacts(schema, { ...row, expected, placeholder: "TEXT,TEXT", fromText: (text) => text.split(",") });
}

/** A list of objects; `expected` describes the list. In an environment variable, it is JSON. */
export function objectList<T extends z.ZodType>(
  schema: z.ZodArray<T>,
  expected: string,
  row: Omit<Row<never>, "default">,
): z.ZodDefault<z.ZodReadonly<z.ZodArray<T>>> {
  const list = schema.readonly().default([]).describe(row.doc);
  return withFacts(list, { ...row, expected, placeholder: "JSON", fromText: (text) => text });
}

function numberFromText(text: string): unknown {
  return /^\d{1,15}$/.test(text) ? Number(text) : text;
}

function switchFromText(text: string): unknown {
  return text === "true" ? true : text === "false" ? false : text;
}

function withFacts<T extends z.ZodType>(schema: T, { doc, expected, limit, placeholder, fromText }: SettingFacts): T {
  facts.add(schema, { doc, expected, limit, placeholder, fromText });
  return schema;
}
