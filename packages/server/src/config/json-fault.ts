const space = /[ \t\r\n]*/y;
const text = /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4}))*"/uy;
const numberOrWord = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[Ee][+-]?\d+)?|true|false|null/y;
const [colon, comma] = [/:/y, /,/y];
const [openObject, endOfObject, openList, endOfList] = [/\{/y, /\}/y, /\[/y, /\]/y];

/**
 * Where text that is not JSON stops being JSON: "line 2, column 3". Engines tell it for some faults alone, and quote what
 * is there, which may be a secret.
 */
export function jsonFault(json: string): string {
  let at = 0;

  function take(pattern: RegExp): boolean {
    pattern.lastIndex = at;
    if (!pattern.test(json)) return false;
    at = pattern.lastIndex;
    if (pattern !== space) take(space);
    return true;
  }

  function takeValue(): boolean {
    if (take(text) || take(numberOrWord)) return true;
    if (take(openObject)) return takeItems(takeMember, endOfObject);
    return take(openList) && takeItems(takeValue, endOfList);
  }

  function takeMember(): boolean {
    return take(text) && take(colon) && takeValue();
  }

  function takeItems(takeItem: () => boolean, end: RegExp): boolean {
    if (take(end)) return true;
    do if (!takeItem()) return false;
    while (take(comma));
    return take(end);
  }

  take(space);
  takeValue();
  const lines = json.slice(0, at).split("\n");
  return `line ${lines.length}, column ${(lines.at(-1) ?? "").length + 1}`;
}
