/** Calls `run` for every item, whether or not it throws for some of them; then throws what it threw first. */
export function runEach<Item>(items: readonly Item[], run: (item: Item) => void): void {
  const thrown: unknown[] = [];
  for (const item of items) {
    try {
      run(item);
    } catch (error) {
      thrown.push(error);
    }
  }
  if (thrown.length) throw thrown[0];
}
