/**
 * Limits how many tasks run at the same time. Waiting tasks start in the order in which they were passed.
 *
 * @param most number of tasks that may run at the same time.
 * @returns a function that runs a task when its turn comes, and settles as the task does.
 * @example
 * ```ts
 * const limited = limitConcurrency(10);
 * await Promise.all(urls.map((url) => limited(() => fetch(url))));
 * ```
 */
export function limitConcurrency(most: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = most;
  return async (task) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
