/**
 * Resolves at the first SIGINT or SIGTERM. Later ones are ignored: Ctrl-C and programs such as `timeout` send the signal to
 * a whole group of processes, so that it may arrive twice.
 */
export function untilInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    process.on("SIGINT", () => resolve());
    process.on("SIGTERM", () => resolve());
  });
}
