const space = /[ \t\r\n]*/y;
const text = /"(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4}))*"/uy;
const numberOrWord = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[Ee][+-]?\d+)?|true|false|null/y;
const comma = /,/y;

/** What holds values; each value in it has something before it, or nothing. */
interface Container {
  readonly start: RegExp;
  readonly beforeValue: readonly RegExp[];
  readonly end: RegExp;
}
const containers: readonly Container[] = [
  { start: /\{/y, beforeValue: [text, /:/y], end: /\}/y },
  { start: /\[/y, beforeValue: [], end: /\]/y },
];

/**
 * Where text that is not JSON stops being JSON: "line 2, column 3". Engines tell it for some faults alone, and quote what
 * is there, which may be a secret.
 */
export function jsonFault(json: string): string {
  let at = 0;
  // A stack of our own: the text may be deeper than that of the engine.
  const open: Container[] = [];

  function take(pattern: RegExp): boolean {
    pattern.lastIndex = at;
    if (!pattern.test(json)) return false;
    at = pattern.lastIndex;
    if (pattern !== space) take(space);
    return true;
  }

  function takeAll(patterns: readonly RegExp[]): boolean {
    return patterns.every((pattern) => take(pattern));
  }

  /** Takes a value, or its beginning as far as the first value in it that holds no other. */
  function takeValue(): boolean {
    while (!take(text) && !take(numberOrWord)) {
      const container = containers.find(({ start }) => take(start));
      if (container === undefined) return false;
      if (take(container.end)) return true;
      open.push(container);
      if (!takeAll(container.beforeValue)) return false;
    }
    return true;
  }

  /** Takes what stands between a value and the next: the ends of what holds no more, and a comma. */
  function takeSeparator(): boolean {
    for (let inner = open.at(-1); inner !== undefined; inner = open.at(-1)) {
      if (take(comma)) return takeAll(inner.beforeValue);
      if (!take(inner.end)) return false;
      open.pop();
    }
    return false;
  }

  take(space);
  while (takeValue() && takeSeparator());
  const lines = json.slice(0, at).split("\n");
  return `line ${lines.length}, column ${(lines.at(-1) ?? "").length + 1}`;
}
