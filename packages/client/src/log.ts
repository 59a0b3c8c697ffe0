import { fieldsOf, textOf } from "./untrusted.ts";

/** Receives log entries. */
export type Log = (level: "debug" | "warn", entry: string) => void;

/** Writes an entry about an event of the connection. Entries contain names, and never data of events. */
export function logEvent(log: Log, event: string, data: unknown): void {
  const { event: name, channel, previous, current, cause, type } = fieldsOf(data);
  if (event === "sent" || event === "message") log("debug", `${event} ${textOf(name)} ${textOf(channel)}`.trimEnd());
  else if (event === "state_change") log("debug", `${textOf(previous)} -> ${textOf(current)}`);
  else if (event === "error") log("warn", textOf(fieldsOf(cause)["message"]) || textOf(type));
}
