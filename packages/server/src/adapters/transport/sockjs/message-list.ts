/** Strings of the longest list of a request: clients send one message, or a few. */
const mostInRequest = 5_000;
const space = /[ \t\r\n]*/y;

/**
 * Reads a JSON array of strings. Returns undefined if the text is anything else, without looking at what other arrays and
 * objects hold: they may be nested in ways that take long to parse.
 *
 * @param mostMessages strings of the longest list. Default: 5,000.
 */
export function parseMessageList(text: string, mostMessages = mostInRequest): string[] | undefined {
  const messages: string[] = [];
  let at = afterSpace(text, 0);
  if (text[at] !== "[") return undefined;
  at = afterSpace(text, at + 1);
  if (text[at] === "]") return afterSpace(text, at + 1) === text.length ? messages : undefined;
  for (;;) {
    if (text[at] !== '"') return undefined;
    const end = endOfString(text, at);
    const message = parseString(text.slice(at, end));
    if (message === undefined || messages.length === mostMessages) return undefined;
    messages.push(message);
    at = afterSpace(text, end);
    if (text[at] === "]") return afterSpace(text, at + 1) === text.length ? messages : undefined;
    if (text[at] !== ",") return undefined;
    at = afterSpace(text, at + 1);
  }
}

function afterSpace(text: string, start: number): number {
  space.lastIndex = start;
  space.test(text);
  return space.lastIndex;
}

/** Index behind the closing quotation mark, or the length of the text if there is none. */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0;
    while (text[quote - 1 - slashes] === "\\") slashes += 1;
    if (slashes % 2 === 0) return quote + 1;
  }
  return text.length;
}

function parseString(json: string): string | undefined {
  try {
    return JSON.parse(json) as string;
  } catch {
    return undefined;
  }
}
