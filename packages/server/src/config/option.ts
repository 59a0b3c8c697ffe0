/** One thing an operator can decide: everything that loader, `--help` and the configuration page know of it. */
export interface Option<T> {
  /** Whether a value, parsed from JSON or by `fromText`, is one that the option may have. */
  readonly accepts: (value: unknown) => value is T;
  /** What such a value looks like, as the second half of "wanted …". */
  readonly wanted: string;
  readonly default: T;
  /** What it decides, in one or two sentences. */
  readonly doc: string;
  /** Turns the text of a flag or an environment variable into what `accepts` checks; unusable text passes unchanged. */
  readonly fromText: (text: string) => unknown;
  /** A flag without a value, such as `--compression`, means true. */
  readonly isSwitch: boolean;
}

/** Options by key, for values of the type `T`. */
export type OptionTable<T> = { readonly [K in keyof T]-?: Option<T[K]> };

/** A whole number from `min` to `max`. */
export function whole(min: number, max: number, row: { unit?: string; default: number; doc: string }): Option<number> {
  const unit = row.unit === undefined ? "" : ` (${row.unit})`;
  return {
    accepts: (value): value is number => Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
    wanted: `a whole number from ${min} to ${max}${unit}`,
    default: row.default,
    doc: row.doc,
    fromText: (found) => (/^\d{1,15}$/.test(found) ? Number(found) : found),
    isSwitch: false,
  };
}

/** On or off. */
export function toggle(row: { default: boolean; doc: string }): Option<boolean> {
  return {
    accepts: (value) => typeof value === "boolean",
    wanted: "true or false",
    ...row,
    fromText: (found) => (found === "true" ? true : found === "false" ? false : found),
    isSwitch: true,
  };
}

/** One of a few words. */
export function choice<T extends string>(words: readonly T[], row: { default: NoInfer<T>; doc: string }): Option<T> {
  return {
    accepts: (value): value is T => words.some((word) => word === value),
    wanted: `one of ${words.map((word) => `"${word}"`).join(", ")}`,
    ...row,
    fromText: (found) => found,
    isSwitch: false,
  };
}

/** Text that matches a pattern; `wanted` says the same in words. */
export function text(pattern: RegExp, wanted: string, row: { default: string; doc: string }): Option<string> {
  return {
    accepts: (value): value is string => typeof value === "string" && pattern.test(value),
    wanted,
    ...row,
    fromText: (found) => found,
    isSwitch: false,
  };
}

/** A list of texts that match a pattern; `wanted` says the same in words. In a flag or variable, commas separate them. */
export function list(
  pattern: RegExp,
  wanted: string,
  row: { default: readonly string[]; doc: string },
): Option<readonly string[]> {
  return {
    accepts: (value): value is readonly string[] =>
      Array.isArray(value) && value.every((item) => typeof item === "string" && pattern.test(item)),
    wanted,
    ...row,
    fromText: (found) => found.split(","),
    isSwitch: false,
  };
}
