import { readFile } from "node:fs/promises";
import { CommandFailure } from "../command-failure.ts";

/** The option that names a file with the encryption master key. */
export interface MasterKeyOptions {
  readonly masterKeyFile?: string;
}

/** Flag and description of that option. A key as an argument would be visible to every user of the machine. */
export const masterKeyFlag = [
  "--master-key-file <FILE>",
  "file with the encryption master key (base64). Variable: SEALCAST_MASTER_KEY.",
] as const;

/** Returns the master key of the file or of the environment; undefined if there is none. */
export async function readMasterKey({ masterKeyFile }: MasterKeyOptions): Promise<string | undefined> {
  if (masterKeyFile === undefined) return process.env["SEALCAST_MASTER_KEY"] || undefined;
  try {
    return (await readFile(masterKeyFile, "utf8")).trim();
  } catch {
    throw new CommandFailure(`Cannot read the master key in ${masterKeyFile}.`);
  }
}
