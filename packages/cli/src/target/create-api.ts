import type { Sealcast, SealedOptions } from "@sealcast/server-sdk";
import { CommandFailure } from "../command-failure.ts";
import { appUrlOf, type Target } from "./app-url.ts";

/** Largest event that a server can be configured to accept. The server refuses what is too large for the app. */
const maxDataBytes = 1_048_576;

/** Loads the server library and returns it for an app. */
export async function createApi(target: Target, masterKey?: string, sealed?: SealedOptions): Promise<Sealcast> {
  const { Sealcast, SealcastError } = await import("@sealcast/server-sdk");
  try {
    const key = masterKey === undefined ? {} : { encryptionMasterKeyBase64: masterKey };
    return Sealcast.forURL(appUrlOf(target), { maxDataBytes, retries: 2, ...key, ...(sealed && { sealed }) });
  } catch (error) {
    if (error instanceof SealcastError) throw new CommandFailure(`${error.message}.`);
    throw error;
  }
}
