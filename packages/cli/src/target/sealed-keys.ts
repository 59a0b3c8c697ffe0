import { readFile } from "node:fs/promises";
import type { SealedOptions } from "@sealcast/server-sdk";
import { CommandFailure } from "../command-failure.ts";

/** The option that names a file with the keys of sealed channels. */
export interface SealedKeyOptions {
  readonly sealedFile?: string;
}

/** Flag and description of that option. */
export const sealedFlag = [
  "--sealed-file <FILE>",
  "file with the keys of sealed channels: the option `sealed` of the server library, as JSON",
] as const;

/** Returns the options of sealed channels in the file; undefined if no file is named. The server library checks them. */
export async function readSealedKeys({ sealedFile }: SealedKeyOptions): Promise<SealedOptions | undefined> {
  if (sealedFile === undefined) return undefined;
  try {
    return JSON.parse(await readFile(sealedFile, "utf8")) as SealedOptions;
  } catch {
    throw new CommandFailure(`Cannot read ${sealedFile} as JSON. \`sealcast keys ring FILE --sealed\` creates one.`);
  }
}
