/** A value that changes, in the form that React's `useSyncExternalStore` takes and that other frameworks can follow. */
export interface Store<Value> {
  /** Returns the current value: the same one until it changes. */
  readonly read: () => Value;
  /** Calls `changed` after each change. Returns a function that stops that. */
  readonly subscribe: (changed: () => void) => () => void;
}

/**
 * Creates a store. A value whose fields are the same as before counts as unchanged.
 *
 * @param read returns the value as it is now.
 * @param watch arranges for `look` to be called when the value may have changed, until the signal of `stop` aborts.
 */
export function createStore<Value>(
  read: () => Value,
  watch: (look: () => void, stop: AbortController) => void,
): Store<Value> {
  let value = read();
  return {
    read: () => value,
    subscribe(changed) {
      const stop = new AbortController();
      const look = (): void => {
        const current = read();
        if (isSame(current, value)) return;
        value = current;
        changed();
      };
      watch(look, stop);
      // The value may have changed since the store was created.
      look();
      return () => stop.abort();
    },
  };
}

function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || !a || !b) return false;
  const [fields, others] = [Object.entries(a), new Map(Object.entries(b))];
  return fields.length === others.size && fields.every(([name, field]) => Object.is(field, others.get(name)));
}
