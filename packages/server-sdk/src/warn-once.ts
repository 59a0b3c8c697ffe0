const written = new Set<string>();
const maxWarnings = 100;

/** Writes a warning to the console, once per process; at most 100 different warnings. */
export function warnOnce(message: string): void {
  if (written.has(message) || written.size >= maxWarnings) return;
  written.add(message);
  console.warn(message);
}
