import type { LogEntry } from "@sealcast/server/console";

/** A name and how many entries carry it. */
export interface Occurrences {
  readonly name: string;
  readonly count: number;
}

/**
 * Counts the names that occur most often.
 *
 * @param read the name of an entry, if it has one.
 * @param most how many names are returned, the most frequent first; equal counts are sorted by name.
 */
export function frequentlySeen(
  entries: readonly LogEntry[],
  read: (entry: LogEntry) => string | undefined,
  most = 3,
): Occurrences[] {
  const counts = new Map<string, number>();
  for (const entry of entries) {
    const name = read(entry);
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .toSorted((a, b) => b.count - a.count || a.name.localeCompare(b.name))
    .slice(0, most);
}
