/** How much is logged: this level and everything above it; "silent" logs nothing. */
export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

/** Values that a log line may carry; never a secret, a key's secret, a token or an event's data. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Structured log lines under stable event names such as `subscribe.refused`. */
export interface Log {
  /** Lines below this level are not written. */
  readonly level: LogLevel;
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}
