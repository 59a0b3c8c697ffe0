import { pino } from "pino";
import type { Log, LogLevel } from "../../ports/log.ts";
import { createLineWriter, sinkOf, type LineSink } from "./line-writer.ts";

/** A log that can be ended with the process. */
export interface ClosableLog extends Log {
  /** Resolves when every line is written, or after a second if the reader of the log is stuck. */
  close(): Promise<void>;
}

const standardError = 2;

/**
 * Creates a log that writes one JSON object per line: `level`, `time` (Unix milliseconds), `event`, and the fields. The log never stops
 * the server: lines that nobody reads, or for which the disk has no space, are dropped and counted (`log.dropped`).
 *
 * @param level least severe level that is written.
 * @param sink where lines go. Default: standard error.
 * @example
 * const log = createPinoLog("info");
 * log.info("server.listening", { port: 6001 }); // {"level":"info","time":…,"event":"server.listening","port":6001}
 */
export function createPinoLog(level: LogLevel, sink: LineSink = sinkOf(standardError)): ClosableLog {
  const writer = createLineWriter(sink, (dropped) => log.warn("log.dropped", { lines: dropped }));
  const options = { level, base: null, formatters: { level: (label: string) => ({ level: label }) } };
  const lines = pino(options, writer);
  const method = (to: "debug" | "info" | "warn" | "error"): Log["info"] =>
    lines.isLevelEnabled(to) ? (event, fields) => lines[to]({ event, ...fields }) : () => undefined;
  const log: ClosableLog = {
    level,
    debug: method("debug"),
    info: method("info"),
    warn: method("warn"),
    error: method("error"),
    close: () => writer.close(),
  };
  return log;
}
