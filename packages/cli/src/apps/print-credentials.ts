import { rm } from "node:fs/promises";
import { createPrivateFile, replacePrivateFile } from "../keys/private-file.ts";
import { printResult } from "../output.ts";

/** Credentials by their names: `id`, `key`, `secret`. */
type Credentials = Readonly<Record<string, string>>;

/** Where new credentials go. */
export interface CredentialsOptions {
  readonly json?: boolean;
  /** File to create; undefined: standard output. */
  readonly out?: string;
}

/**
 * Prints credentials that a server answers only once, or writes them to a new file that only its owner can read. The file
 * is created before they are asked for, so that they are not lost if it cannot be created.
 */
export async function printCredentials(
  { json, out }: CredentialsOptions,
  ask: () => Promise<Credentials>,
): Promise<void> {
  if (out === undefined) {
    const credentials = await ask();
    printResult(json, credentials, () =>
      Object.entries(credentials)
        .map(([name, value]) => `${name.padEnd(8)}${value}\n`)
        .join(""),
    );
    process.stderr.write("Keep the secret: no later answer has it.\n");
    return;
  }
  await createPrivateFile(out, "");
  try {
    const credentials = await ask();
    await replacePrivateFile(out, `${JSON.stringify(credentials)}\n`);
    process.stderr.write(`Wrote the credentials to ${out}. No later answer has the secret.\n`);
  } catch (error) {
    await rm(out, { force: true });
    throw error;
  }
}
