import { newKeys } from "./new-keys.ts";
import { createPrivateFile } from "./private-file.ts";

/**
 * Makes credentials. The configuration goes to stdout or to a new file; the master key goes to stderr, because it does
 * not belong into the configuration.
 *
 * @param path file to create with mode 0600; undefined for stdout.
 */
export async function runKeys(path: string | undefined): Promise<void> {
  const { configText, masterKey } = newKeys();
  if (path === undefined) process.stdout.write(configText);
  else await createPrivateFile(path, configText);
  process.stderr.write(
    `Encryption master key for your backends (encryptionMasterKeyBase64). Never give it to the server:\n${masterKey}\n`,
  );
}

/** Prints the credentials of a new app as JSON. */
export function printApp(): void {
  const { apps } = JSON.parse(newKeys().configText) as { readonly apps: readonly unknown[] };
  process.stdout.write(`${JSON.stringify(apps[0])}\n`);
}

/** Prints a new encryption master key. */
export function printMasterKey(): void {
  process.stdout.write(`${newKeys().masterKey}\n`);
}
