import { destination, pino, type DestinationStream } from "pino";
import type { Log, LogLevel } from "../../ports/log.ts";

/** A log that can be ended with the process. */
export interface ClosableLog extends Log {
  /** Resolves when every line is written; nothing may be logged afterwards. */
  close(): Promise<void>;
}

/** Lines that wait while stderr is slow; beyond it they are dropped rather than kept in memory. */
const maxWaitingBytes = 1_048_576;

/**
 * Writes one JSON object per line: `level`, `time` (milliseconds since 1970), `event`, and the fields.
 *
 * @param stream where lines go; by default stderr, without ever blocking the event loop.
 */
export function createPinoLog(level: LogLevel, stream?: DestinationStream): ClosableLog {
  const stderr = stream === undefined ? destination({ fd: 2, sync: false, maxLength: maxWaitingBytes }) : undefined;
  const lines = pino({ level, base: null, formatters: { level: (label) => ({ level: label }) } }, stream ?? stderr);
  const writer = (to: "debug" | "info" | "warn" | "error"): Log["info"] =>
    lines.isLevelEnabled(to) ? (event, fields) => lines[to]({ event, ...fields }) : () => undefined;
  return {
    level,
    debug: writer("debug"),
    info: writer("info"),
    warn: writer("warn"),
    error: writer("error"),
    close: () =>
      new Promise((resolve) => {
        if (stderr === undefined) return resolve();
        stderr.once("close", resolve);
        stderr.end();
      }),
  };
}
