import { clusterHost, type Address } from "./address.ts";
import type { EncryptionOptions } from "./encryption-options.ts";
import type { Fetch } from "./fetch-transport.ts";
import type { Platform } from "./platform.ts";
import { SealcastError } from "./sealcast-error.ts";

/** How to reach and represent an app. */
export interface SealcastOptions {
  readonly appId: string | number;
  readonly key: string;
  readonly secret: string;
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** Default 6001; with a `host` or `cluster` the port of the scheme. */
  readonly port?: number | string;
  /** Default: false without a host, where it is this machine; true otherwise. */
  readonly useTLS?: boolean;
  /** A cluster of the hosted service, instead of a host. */
  readonly cluster?: string;
  /** In front of `/apps`, where a proxy adds a path. Default none. */
  readonly pathPrefix?: string;
  /** Base64 of 32 random bytes: the one master key of encrypted channels. For several, see `encryption`. */
  readonly encryptionMasterKeyBase64?: string;
  /** Master keys that follow one another. */
  readonly encryption?: EncryptionOptions;
  /** Longest time of one attempt, in milliseconds. Default 10,000; 0: no limit. */
  readonly timeoutMs?: number;
  /** How often a call is repeated where that is safe. Default 2. */
  readonly retries?: number;
  /** Largest `data` of one event, in bytes; as the server has it. Default 10,240. */
  readonly maxDataBytes?: number;
  /** Sends the requests, through a proxy for example. Default: what is quickest in this runtime. */
  readonly fetch?: Fetch;
  /** Replaces parts of the runtime, such as the clock in tests. */
  readonly platform?: Partial<Platform>;
}

/** Where the app of these options lives. Throws `invalid-options` for a credential that is missing. */
export function addressOf(options: SealcastOptions): Address {
  const { appId, key, secret, pathPrefix = "" } = options;
  for (const [name, value] of Object.entries({ appId: String(appId ?? ""), key, secret })) {
    if (typeof value !== "string" || value === "") {
      throw new SealcastError("invalid-options", `The option ${name} is missing: a text is wanted`);
    }
  }
  const host = options.host ?? (options.cluster === undefined ? undefined : clusterHost(options.cluster));
  const useTLS = options.useTLS ?? host !== undefined;
  return {
    scheme: useTLS ? "https" : "http",
    host: host ?? "127.0.0.1",
    port: options.port ?? (host === undefined ? 6001 : undefined),
    pathPrefix,
    appId: String(appId),
    token: { key, secret },
  };
}

/** The ring that these options describe: several keys, or one that never changes; undefined without any. */
export function encryptionOf(
  options: Pick<SealcastOptions, "encryption" | "encryptionMasterKeyBase64">,
): EncryptionOptions | undefined {
  const { encryption, encryptionMasterKeyBase64 } = options;
  if (encryption !== undefined && encryptionMasterKeyBase64 !== undefined) {
    throw new SealcastError("invalid-options", "Set encryption or encryptionMasterKeyBase64, not both");
  }
  if (encryptionMasterKeyBase64 === undefined) return encryption;
  return { ring: [{ key: encryptionMasterKeyBase64 }] };
}
