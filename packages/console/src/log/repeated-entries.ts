import type { LogEntry } from "@sealcast/server/console";

/**
 * Finds entries that came before. A stream that is opened again, because the types have changed or the connection was cut, begins
 * with the newest entries of the server.
 */
export class RepeatedEntries {
  readonly #most: number;
  readonly #seen = new Set<string>();

  /** @param most how many entries are remembered; more than the server sends at the beginning of a stream. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Returns the entries that are new, and remembers them. */
  withoutRepeated(entries: readonly LogEntry[]): LogEntry[] {
    const added = entries.filter((entry) => !this.#seen.has(nameOf(entry)));
    for (const entry of added) this.#seen.add(nameOf(entry));
    for (const name of this.#seen) {
      if (this.#seen.size <= this.#most) break;
      this.#seen.delete(name);
    }
    return added;
  }

  clear(): void {
    this.#seen.clear();
  }
}

/** With the time, because a node that has restarted numbers its entries from the beginning. */
function nameOf({ node, id, timeMs }: LogEntry): string {
  return `${id} ${timeMs} ${node}`;
}
