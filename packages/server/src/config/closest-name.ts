/** The name that was probably meant: the nearest by edits, or undefined where none is near. */
export function closestName(found: string, names: Iterable<string>): string | undefined {
  let best: string | undefined;
  let fewest = Math.min(3, Math.ceil(found.length / 3) + 1);
  for (const name of names) {
    const edits = editDistance(found.toLowerCase(), name.toLowerCase());
    if (edits < fewest) [best, fewest] = [name, edits];
  }
  return best;
}

/** How many letters must be added, removed or replaced to turn one text into the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let index = 0; index < from.length; index += 1) {
    const next = [index + 1];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (row[column - 1] ?? 0) + (from[index] === to[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
