/** How much a log entry matters. */
export type LogLevel = "debug" | "warn" | "error";

/** Receives what the client has to say: a sentence, and at times the value that it is about. */
export type Log = (level: LogLevel, ...parts: readonly unknown[]) => void;
