import { describeProblems } from "./config-problem.ts";
import { resolveConfig } from "./resolve-config.ts";
import type { ServerConfig } from "./server-config.ts";

/**
 * Returns the configuration of a server that a program creates itself. Environment variables are not read.
 *
 * @param options as in a configuration file, see docs/configuration.md. Default: the example app.
 * @throws {TypeError} that lists every problem. It never holds a value, which may be a secret.
 * @example
 * const config = configFrom({ apps: [{ id: "1001", key: "app-key", secret: "app-secret" }], maxFrameBytes: 65_536 });
 */
export function configFrom(options: Readonly<Record<string, unknown>> = {}): ServerConfig {
  const file = { path: "options", text: JSON.stringify(options) };
  const resolved = resolveConfig({ flags: new Map(), environment: {}, file });
  if (!resolved.ok) throw new TypeError(describeProblems(resolved.problems));
  return resolved.config;
}
