import { open, rename, writeFile } from "node:fs/promises";
import { CommandFailure } from "../command-failure.ts";

/** Creates a file that only its owner can read. Never overwrites one: it may hold the only copy of a secret. */
export async function createPrivateFile(path: string, text: string): Promise<void> {
  try {
    const file = await open(path, "wx", 0o600);
    await file.writeFile(text);
    await file.close();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    const reason = code === "EEXIST" ? "the file exists already" : `it cannot be written (${code})`;
    throw new CommandFailure(`Cannot create ${path}: ${reason}.`);
  }
}

/** Replaces a file in one step, so that nobody reads half of it. */
export async function replacePrivateFile(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, text, { mode: 0o600 });
  await rename(draft, path);
}
