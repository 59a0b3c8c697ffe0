import { endOfString } from "@sealcast/protocol";

/** Strings of the longest list of a request: clients send one message, or a few. */
const maxInRequest = 5_000;
const space = /[ \t\r\n]*/y;

/**
 * Reads a JSON array of strings. Returns undefined if the text is anything else, without looking at what other arrays and
 * objects hold: they may be nested in ways that take long to parse.
 *
 * @param maxMessages strings of the longest list. Default: 5,000.
 */
export function parseMessageList(text: string, maxMessages = maxInRequest): string[] | undefined {
  const messages: string[] = [];
  let at = afterSpace(text, 0);
  if (text[at] !== "[") return undefined;
  at = afterSpace(text, at + 1);
  if (text[at] === "]") return afterSpace(text, at + 1) === text.length ? messages : undefined;
  for (;;) {
    if (text[at] !== '"') return undefined;
    const end = endOfString(text, at) + 1;
    const message = parseString(text.slice(at, end));
    if (message === undefined || messages.length === maxMessages) return undefined;
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

function parseString(json: string): string | undefined {
  try {
    return JSON.parse(json) as string;
  } catch {
    return undefined;
  }
}
