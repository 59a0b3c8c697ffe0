import { z } from "zod";

/** Returns the schema that a path leads to, with its default; undefined if the path leaves the schema. */
export function schemaAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  let found: z.ZodType | undefined = schema;
  for (const step of path) {
    const inner = withoutWrapper(found);
    if (inner instanceof z.ZodObject) found = new Map<string, z.ZodType>(Object.entries(inner.shape)).get(String(step));
    else if (inner instanceof z.ZodArray) found = inner.element as z.ZodType;
    else return undefined;
  }
  return found;
}

/** Returns a value and the values inside of it that a path leads through, in this order. */
export function valuesAlong(value: unknown, path: readonly PropertyKey[]): readonly unknown[] {
  const values = [value];
  for (const step of path) {
    const parent = values.at(-1);
    const hasStep = typeof parent === "object" && parent !== null && Object.hasOwn(parent, step);
    values.push(hasStep ? (parent as Record<PropertyKey, unknown>)[step] : undefined);
  }
  return values;
}

/** Returns the schema inside of its default and other wrappers. */
export function withoutWrapper(schema: z.ZodType | undefined): z.ZodType | undefined {
  let inner = schema;
  while (inner instanceof z.ZodDefault || inner instanceof z.ZodOptional || inner instanceof z.ZodReadonly) {
    inner = inner.unwrap() as z.ZodType;
  }
  return inner;
}
