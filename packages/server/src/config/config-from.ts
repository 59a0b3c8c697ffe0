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
  const file = { path: "options", text: textOf(options) };
  const resolved = resolveConfig({ flags: new Map(), environment: {}, file });
  if (!resolved.ok) throw new TypeError(describeProblems(resolved.problems));
  return resolved.config;
}

/** Returns options as the text of a configuration file. A value that JSON would leave out is refused, not ignored. */
function textOf(options: unknown): string {
  const outer = new Set<unknown>();
  const check = (name: string, value: unknown): void => {
    if (typeof value === "function" || typeof value === "symbol" || typeof value === "bigint") {
      const wanted = name === "" ? "an object of options" : `${name} to be a JSON value`;
      throw new TypeError(`Cannot use this configuration: expected ${wanted}, got a ${typeof value}`);
    }
    if (typeof value !== "object" || value === null) return;
    if (outer.has(value)) {
      throw new TypeError("Cannot use this configuration: expected options that do not contain themselves");
    }
    outer.add(value);
    for (const [key, inner] of Object.entries(value)) check(key, inner);
    outer.delete(value);
  };
  check("", options);
  return JSON.stringify(options);
}
