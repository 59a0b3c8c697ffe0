import { constants, unwatchFile, watchFile } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import type { ConfigProblem } from "./config-problem.ts";

/** A configuration file that was read. */
export interface ConfigFile {
  /** Named in problems. */
  readonly path: string;
  /** The content: JSON. */
  readonly text: string;
}

/** A configuration file that could not be read, and why. */
export interface UnreadableFile {
  readonly path: string;
  readonly problem: Omit<ConfigProblem, "where">;
}

/** Size above which a file is not read: 100,000 apps take about 20 MB. */
const maxFileBytes = 67_108_864;

/**
 * Reads the configuration file. Returns promptly whatever the path leads to: only a regular file is read, because reading
 * a named pipe or a device may never return.
 *
 * @example
 * const file = await readConfigFile("sealcast.json");
 * const resolved = resolveConfig({ flags: new Map(), environment: process.env, file });
 */
export async function readConfigFile(path: string): Promise<ConfigFile | UnreadableFile> {
  let handle: FileHandle | undefined;
  try {
    // Without O_NONBLOCK, opening a named pipe waits for a writer.
    handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stats = await handle.stat();
    if (!stats.isFile()) return unreadable(path, kindOfPath(stats));
    if (stats.size > maxFileBytes) return unreadable(path, `a file of more than ${maxFileBytes} bytes`);
    return { path, text: (await handle.readFile("utf8")).replace(/^\uFEFF/, "") };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    return unreadable(path, failures.get(code) ?? `a file that cannot be read (${code})`);
  } finally {
    await handle?.close();
  }
}

/**
 * Calls `changed` after every change of the file. Looks at the file every `intervalMs` instead of listening for
 * notifications of the operating system, because editors and Kubernetes replace files in ways that those miss. Does not
 * keep the process alive.
 *
 * @param intervalMs in milliseconds. Default 1,000.
 * @returns a function that stops watching.
 * @example
 * const stopWatching = watchConfigFile("sealcast.json", () => void reload());
 */
export function watchConfigFile(path: string, changed: () => void, intervalMs = 1_000): () => void {
  const listener = (): void => changed();
  watchFile(path, { interval: intervalMs, persistent: false }, listener);
  return () => unwatchFile(path, listener);
}

const failures: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "no such file, or a link to none"],
  ["EACCES", "a file that this user may not read"],
  ["EISDIR", "a directory"],
  ["ELOOP", "a link that leads to itself"],
  ["ENXIO", "a socket or a device without a driver"],
]);

function kindOfPath(stats: Awaited<ReturnType<FileHandle["stat"]>>): string {
  if (stats.isDirectory()) return "a directory";
  if (stats.isFIFO()) return "a named pipe";
  return stats.isSocket() ? "a socket" : "a device";
}

function unreadable(path: string, got: string): UnreadableFile {
  return { path, problem: { expected: "a regular file with JSON", got, fix: "Check the path and its permissions." } };
}
