/** A cell of a table. */
export type Cell = string | number | undefined;

/** Writes a result: as JSON, or as text for a person. */
export function printResult(json: boolean | undefined, value: unknown, text: () => string): void {
  process.stdout.write(json === true ? `${JSON.stringify(value)}\n` : text());
}

/** Returns a table with aligned columns. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const texts = [head, ...rows.map((row) => row.map((cell) => (cell === undefined ? "-" : String(cell))))];
  const widths = head.map((_, column) => Math.max(...texts.map((row) => (row[column] ?? "").length)));
  const lines = texts.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}

/** Colors a text if it goes to a terminal, unless `NO_COLOR` is set. */
export function colored(
  code: 31 | 32 | 33 | 34 | 36,
  text: string,
  stream: NodeJS.WriteStream = process.stdout,
): string {
  const wanted = stream.isTTY && !process.env["NO_COLOR"];
  return wanted ? `\u001B[${code}m${text}\u001B[0m` : text;
}

/** Returns a text that cannot control a terminal: anyone who may publish could otherwise send escape sequences to it. */
export function withoutControls(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
