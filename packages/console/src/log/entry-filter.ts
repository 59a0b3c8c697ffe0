import type { LogEntry } from "@sealcast/server/console";
import { timeText } from "../shell/time-text.ts";

/** Fields that a term of a filter can name, as in `channel:orders`. */
const fields = {
  channel: (entry: LogEntry) => entry.channel,
  event: (entry: LogEntry) => entry.event,
  type: (entry: LogEntry) => entry.type,
  socket: (entry: LogEntry) => entry.socketId,
  user: (entry: LogEntry) => entry.userId,
  node: (entry: LogEntry) => entry.node,
  data: (entry: LogEntry) => entry.data,
  time: (entry: LogEntry) => timeText(entry.timeMs),
} as const;

/**
 * Makes a test for log entries from what somebody typed. Entries must match every word, in any field and in any letter
 * case; `field:word` looks at one field only, and `field:"text"` wants exactly this text.
 *
 * @example
 * const matches = parseFilter('channel:"orders" paid');
 */
export function parseFilter(text: string): (entry: LogEntry) => boolean {
  const terms = (text.toLowerCase().match(/\w+:"[^"]*"(?!\S)|\S+/g) ?? []).map(parseTerm);
  return (entry) => terms.every((matches) => matches(entry));
}

function parseTerm(term: string): (entry: LogEntry) => boolean {
  const colon = term.indexOf(":");
  const name = term.slice(0, Math.max(0, colon));
  if (isField(name)) {
    const word = term.slice(colon + 1);
    const exact = /^"(.*)"$/.exec(word)?.[1];
    return (entry) =>
      exact === undefined ? contains(fields[name](entry), word) : fields[name](entry)?.toLowerCase() === exact;
  }
  return (entry) => Object.values(fields).some((read) => contains(read(entry), term)) || contains(entry.details, term);
}

function isField(name: string): name is keyof typeof fields {
  return Object.hasOwn(fields, name);
}

function contains(text: string | undefined, word: string): boolean {
  return text !== undefined && text.toLowerCase().includes(word);
}
