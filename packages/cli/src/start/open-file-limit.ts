import { readFile } from "node:fs/promises";

/**
 * Returns how many files, connections included, this process may have open; undefined if the operating system does not
 * tell. Node.js raises the soft limit to the hard limit when it starts.
 */
export async function openFileLimit(): Promise<number | undefined> {
  try {
    return parseOpenFileLimit(await readFile("/proc/self/limits", "utf8"));
  } catch {
    return undefined;
  }
}

/** Reads the soft limit from the text of `/proc/self/limits`; infinite if there is no limit. */
export function parseOpenFileLimit(limits: string): number | undefined {
  const soft = /^Max open files\s+(\d+|unlimited)/m.exec(limits)?.[1];
  if (soft === undefined) return undefined;
  return soft === "unlimited" ? Infinity : Number(soft);
}
