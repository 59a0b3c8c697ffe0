import { unwatchFile, watchFile } from "node:fs";
import { readFile } from "node:fs/promises";

/** A configuration file that was read. */
export interface ConfigFile {
  readonly path: string;
  readonly text: string;
}

/** Why a configuration file could not be read: the operating system's code, such as `ENOENT`. */
export interface UnreadableFile {
  readonly path: string;
  readonly code: string;
}

/** Reads the configuration file. */
export async function readConfigFile(path: string): Promise<ConfigFile | UnreadableFile> {
  try {
    return { path, text: (await readFile(path, "utf8")).replace(/^\uFEFF/, "") };
  } catch (error) {
    return { path, code: error instanceof Error && "code" in error ? String(error.code) : "unknown" };
  }
}

/**
 * Calls `changed` after every change of the file. It looks at the file itself every `intervalMs` instead of listening for
 * notices, because editors and Kubernetes replace files in ways that notices miss. Does not keep the process alive.
 *
 * @returns stops watching.
 */
export function watchConfigFile(path: string, changed: () => void, intervalMs = 1_000): () => void {
  const listener = (): void => changed();
  watchFile(path, { interval: intervalMs, persistent: false }, listener);
  return () => unwatchFile(path, listener);
}
