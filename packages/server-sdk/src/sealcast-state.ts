import { defaultTransport } from "#transport";
import { limits } from "@sealcast/protocol";
import type { Address } from "./address.ts";
import { Api } from "./api.ts";
import type { AppKeys } from "./authorize.ts";
import { Encryption } from "./encryption.ts";
import { transportOver } from "./fetch-transport.ts";
import { webPlatform, type Platform } from "./platform.ts";
import type { Writer } from "./publish-request.ts";
import { defaultRetries } from "./retry.ts";
import { SealcastError } from "./sealcast-error.ts";
import { addressOf, checkOptions, encryptionOf, type SealcastOptions } from "./sealcast-options.ts";
import { SealedChannels } from "./sealed/sealed-channels.ts";

/** The parts that the methods of `Sealcast` use. */
export interface SealcastState {
  readonly address: Address;
  readonly api: Api;
  readonly writer: Writer;
  readonly platform: Platform;
}

/**
 * Checks the options and creates the parts that they ask for.
 *
 * @throws {SealcastError} `invalid-options` that names the option which is missing, unknown or not valid.
 */
export function createState(options: SealcastOptions): SealcastState {
  checkOptions(options);
  const platform = { ...webPlatform, ...options.platform };
  const address = addressOf(options);
  const { timeoutMs = 10_000, maxDataBytes = limits.eventDataBytes } = options;
  const { retries = defaultRetries.retries, retryWithinMs = defaultRetries.retryWithinMs } = options;
  const transport = options.fetch === undefined ? defaultTransport : transportOver(options.fetch);
  const retryPolicy = { timeoutMs: timeoutMs || undefined, retries, retryWithinMs };
  const keys = encryptionOf(options);
  return {
    address,
    api: new Api(address, retryPolicy, transport, platform),
    writer: {
      encryption: keys === undefined ? undefined : new Encryption(keys, platform),
      sealed: options.sealed === undefined ? undefined : new SealedChannels(options.sealed, address.appId, platform),
      maxDataBytes,
    },
    platform,
  };
}

/** Returns the credentials and keys that sign, and that open webhooks. */
export function appKeys({ address, writer }: SealcastState): AppKeys {
  return { token: address.token, encryption: writer.encryption, sealed: writer.sealed };
}

/** Returns what encrypts. @throws {SealcastError} `no-encryption-key` that names what cannot be done without a key. */
export function requireEncryption({ writer }: SealcastState, action: string): Encryption {
  if (writer.encryption !== undefined) return writer.encryption;
  throw new SealcastError("no-encryption-key", `Cannot ${action}: no encryption key is set`);
}

/** Returns what seals. @throws {SealcastError} `no-encryption-key` without the option `sealed`. */
export function requireSealed({ writer }: SealcastState): SealedChannels {
  if (writer.sealed !== undefined) return writer.sealed;
  throw new SealcastError("no-encryption-key", "Set the option sealed first");
}
