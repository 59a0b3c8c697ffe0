import { open } from "node:fs/promises";
import { CommandFailure } from "../command-failure.ts";
import { newKeys } from "./new-keys.ts";

/**
 * Makes credentials. The configuration goes to stdout or to a new file; the master key goes to stderr, because it does
 * not belong into the configuration.
 *
 * @param path file to create with mode 0600; undefined for stdout.
 */
export async function runKeys(path: string | undefined): Promise<void> {
  const { configText, masterKey } = newKeys();
  if (path === undefined) process.stdout.write(configText);
  else await writeNewFile(path, configText);
  process.stderr.write(
    `Encryption master key for your backends (encryptionMasterKeyBase64). Never give it to the server:\n${masterKey}\n`,
  );
}

/** Never overwrites: the old file may hold the only copy of a secret. */
async function writeNewFile(path: string, text: string): Promise<void> {
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
