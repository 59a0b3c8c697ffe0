import type { LogEntry } from "@sealcast/server/console";
import { colored, withoutControls } from "../output.ts";

/** Which entries of the log to print; undefined: all. */
export interface LogFilter {
  readonly prefix?: string;
  readonly event?: string;
}

/** Returns whether an entry passes a filter. */
export function passes({ channel, event }: LogEntry, filter: LogFilter): boolean {
  return (
    (filter.prefix === undefined || channel?.startsWith(filter.prefix) === true) &&
    (filter.event === undefined || event === filter.event)
  );
}

/** Returns the line that `tail` prints for an entry. */
export function logLine(entry: LogEntry, json: boolean | undefined): string {
  if (json === true) return `${JSON.stringify(entry)}\n`;
  const { timeMs, type, details, data } = entry;
  const time = new Date(timeMs).toISOString().slice(11, 23);
  const isError = type.endsWith("error") || type === "webhook-failed";
  const text = data === undefined ? details : `${details}  ${data}`;
  return `${time}  ${colored(isError ? 31 : 34, type.padEnd(14))}  ${withoutControls(text)}\n`;
}
