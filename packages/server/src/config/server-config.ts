import type { App } from "../core/app.ts";
import type { ServerLimits } from "../core/server-limits.ts";
import type { LogLevel } from "../ports/log.ts";

/** Everything an operator can decide, checked and complete. Made by `resolveConfig`. */
export interface ServerConfig {
  /** Address to listen on. */
  readonly host: string;
  /** TCP port; 0: any free one. */
  readonly port: number;
  readonly logLevel: LogLevel;
  readonly limits: ServerLimits;
  /** At least one; ids and keys are unique. */
  readonly apps: readonly App[];
}
