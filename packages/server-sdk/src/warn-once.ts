const said = new Set<string>();
const mostWarnings = 100;

/** Writes a warning to the console, once in the life of the process. */
export function warnOnce(message: string): void {
  if (said.has(message) || said.size >= mostWarnings) return;
  said.add(message);
  console.warn(message);
}
