import { valuesAlong } from "./schema-path.ts";

/** An id, a key or a secret that a list of apps states, whether the rest of the list is valid or not. */
export interface StatedName {
  readonly kind: "id" | "key" | "secret";
  readonly text: string;
  /** Place in the list, such as `[1].keys[0].key`. */
  readonly path: string;
}

/** Returns the names in a list of apps that was not checked yet. */
export function statedNames(apps: unknown): readonly StatedName[] {
  if (!Array.isArray(apps)) return [];
  return apps.flatMap((app: unknown, index) => {
    const keys = valuesAlong(app, ["keys"]).at(-1);
    const pairs = Array.isArray(keys) ? keys : [];
    return [
      ...namesIn(app, ["id", "key", "secret"], `[${index}]`),
      ...pairs.flatMap((pair: unknown, at) => namesIn(pair, ["key", "secret"], `[${index}].keys[${at}]`)),
    ];
  });
}

function namesIn(value: unknown, kinds: readonly StatedName["kind"][], path: string): StatedName[] {
  return kinds.flatMap((kind) => {
    const text = valuesAlong(value, [kind]).at(-1);
    return typeof text === "string" ? [{ kind, text, path: `${path}.${kind}` }] : [];
  });
}
