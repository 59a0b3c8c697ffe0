import { quote } from "@sealcast/protocol";
import type { z } from "zod";
import { closestName } from "./closest-name.ts";
import type { ConfigProblem } from "./config-problem.ts";
import { schemaAt, valuesAlong, withoutWrapper } from "./schema-path.ts";

type Path = readonly PropertyKey[];

/** A value that does not match its schema. */
export interface Mismatch {
  readonly schema: z.ZodType;
  readonly value: unknown;
  readonly issues: readonly z.core.$ZodIssue[];
  /** Returns the place of a path in this value, such as `sealcast.json: apps[1].key`. */
  readonly placeOf: (path: string) => string;
}

/** Unknown names for which the closest known name is looked up: in a file of another program, all names are unknown. */
const explainedNames = 30;

const makeCredentials = "`sealcast keys` makes an id, a key and a secret.";

/** Returns the problems of a value. No problem holds a value. */
export function mismatchProblems(mismatch: Mismatch): ConfigProblem[] {
  return mismatch.issues.flatMap((issue) => {
    if (issue.code !== "unrecognized_keys") return [valueProblem(issue, mismatch)];
    const known = namesAt(mismatch.schema, issue.path);
    return issue.keys.map((key, index) => {
      const where = placeOf([...issue.path, key], mismatch);
      return unknownOption(where, key, index < explainedNames ? known : []);
    });
  });
}

/** Returns the problem of a name that is not an option. */
export function unknownOption(where: string, name: string, known: readonly string[]): ConfigProblem {
  const meant = closestName(name, known);
  const fix =
    meant === undefined
      ? "Remove it; docs/configuration.md lists all options."
      : `Did you mean ${JSON.stringify(meant)}? Rename it, or remove it.`;
  return { where, expected: "an option of this version", got: "an unknown option", fix };
}

function valueProblem(issue: z.core.$ZodIssue, mismatch: Mismatch): ConfigProblem {
  const value = valuesAlong(mismatch.value, issue.path).at(-1);
  return {
    where: placeOf(issue.path, mismatch),
    expected: issue.message,
    got: kindOfMismatch(issue, value),
    fix: fixOf(mismatch.schema, issue.path),
  };
}

/** Returns the kind of a value that a schema refused, never the value. */
function kindOfMismatch(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code === "too_big") return "more than that";
  if (issue.code === "too_small") return Array.isArray(value) ? "an empty list" : "less than that";
  if (typeof value === "string") return issue.code === "invalid_type" ? "text" : "other text";
  if (typeof value === "number") return Number.isInteger(value) ? "a number" : "a number with a fraction";
  return kindOf(value);
}

/** Returns the kind of a JSON value in words. */
export function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  const kinds = { string: "text", number: "a number", boolean: "true or false" } as const;
  return Object.hasOwn(kinds, typeof value) ? kinds[typeof value as keyof typeof kinds] : "an object";
}

function fixOf(schema: z.ZodType, path: Path): string {
  const last = path.at(-1);
  if (last === "id" || last === "key" || last === "secret" || last === "apps") return makeCredentials;
  const row = schemaAt(schema, path);
  const preset = row !== undefined && "defaultValue" in row.def ? JSON.stringify(row.def.defaultValue) : undefined;
  return preset === undefined ? "Correct it." : `Correct it, or remove it for the default (${preset}).`;
}

function namesAt(schema: z.ZodType, path: Path): readonly string[] {
  const found = withoutWrapper(schemaAt(schema, path));
  return found !== undefined && "shape" in found.def ? Object.keys(found.def.shape as object) : [];
}

/** Returns a path such as `apps[1].key`, followed by the id of the app that it leads through. */
function placeOf(path: Path, { value, placeOf: place }: Mismatch): string {
  const steps = path.map((step) =>
    typeof step === "number" ? `[${step}]` : /^\w{1,60}$/.test(String(step)) ? `.${String(step)}` : `[${quote(step)}]`,
  );
  const app = valuesAlong(value, path)
    .map(shownId)
    .find((id) => id !== undefined);
  return place(steps.join("").replace(/^\./, "")) + (app === undefined ? "" : ` (app ${app})`);
}

/** Returns the id of an app, shortened if it is long: it may be a secret in the wrong place. */
function shownId(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || !("id" in value) || typeof value.id !== "string") return undefined;
  if (!/^[\w-]{1,100}$/.test(value.id)) return undefined;
  return value.id.length > 12 ? `"${value.id.slice(0, 6)}…"` : `"${value.id}"`;
}
