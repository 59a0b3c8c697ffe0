import type { ConnectionEvents } from "../connection/connection.ts";
import { fieldsOf } from "../fields-of.ts";

/** Where log entries go: static members of the class. */
export interface LogSettings {
  readonly log: ((message: string) => void) | undefined;
  readonly logToConsole: boolean;
}

/** Writes an entry in the form that `pusher-js` gives to it. */
export function writeLog(
  { log, logToConsole }: LogSettings,
  level: "log" | "warn" | "error",
  ...parts: readonly unknown[]
): void {
  const write = log ?? (logToConsole ? console[level] : undefined);
  write?.(`Pusher :  : ${asText(parts)}`);
}

/** JSON of what is logged; what a server has sent, or an error of the runtime, may have none. */
function asText(parts: readonly unknown[]): string {
  try {
    return JSON.stringify(parts);
  } catch {
    return String(parts[0]);
  }
}

/** Writes what happened on a connection. Data of events and signatures are not for logs. */
export function logEvent(settings: LogSettings, happened: string, about: unknown, socketId: string | undefined): void {
  const { event, channel, type, error } = fieldsOf(about);
  if (happened === "sent" || happened === "message") {
    writeLog(settings, "log", happened === "sent" ? "Event sent" : "Event recd", { event, channel });
  } else if (happened === "state_change") {
    const { previous, current } = about as ConnectionEvents["state_change"];
    const id = current === "connected" ? ` with new socket ID ${socketId}` : "";
    writeLog(settings, "log", "State changed", `${previous} -> ${current}${id}`);
  } else if (happened === "error") writeLog(settings, "warn", type === "MessageParseError" ? { type, error } : about);
}
