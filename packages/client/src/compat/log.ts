import type { ConnectionEvents } from "../connection/connection.ts";
import { fieldsOf } from "../untrusted.ts";

/** Where log entries are written: static members of the class. */
export interface LogSettings {
  readonly log: ((message: string) => void) | undefined;
  readonly logToConsole: boolean;
}

/** Writes an entry in the form of `pusher-js`. */
export function writeLog(
  { log, logToConsole }: LogSettings,
  level: "log" | "warn" | "error",
  ...parts: readonly unknown[]
): void {
  const write = log ?? (logToConsole ? console[level] : undefined);
  write?.(`Pusher :  : ${asText(parts)}`);
}

/** JSON of the parts of an entry. Values of a server, or errors of the runtime, can have none. */
function asText(parts: readonly unknown[]): string {
  try {
    return JSON.stringify(parts);
  } catch {
    return String(parts[0]);
  }
}

/** Writes an entry about an event of the connection. Logs contain neither data of events nor signatures. */
export function logEvent(settings: LogSettings, happened: string, about: unknown, socketId: string | undefined): void {
  const { event, channel, type, error, cause } = fieldsOf(about);
  if (happened === "sent" || happened === "message") {
    writeLog(settings, "log", happened === "sent" ? "Event sent" : "Event recd", { event, channel });
  } else if (happened === "state_change") {
    const { previous, current } = about as ConnectionEvents["state_change"];
    const id = current === "connected" ? ` with new socket ID ${socketId}` : "";
    writeLog(settings, "log", "State changed", `${previous} -> ${current}${id}`);
  } else if (happened === "error") {
    writeLog(settings, "warn", "Error", type === "MessageParseError" ? { type, error } : about);
    if (cause) writeLog(settings, "warn", fieldsOf(cause)["message"]);
  }
}
