import { clusterHost, isLoopback, type Address } from "./address.ts";
import type { EncryptionOptions } from "./encryption-options.ts";
import type { Fetch } from "./fetch-transport.ts";
import { checkFunctionOption, checkOptionNames, typeName } from "./option-names.ts";
import { webPlatform, type Platform } from "./platform.ts";
import { SealcastError } from "./sealcast-error.ts";
import type { SealedOptions } from "./sealed/sealed-options.ts";

/** Options of {@link Sealcast}: where the app's server is, and the app's credentials. */
export interface SealcastOptions {
  readonly appId: string | number;
  readonly key: string;
  readonly secret: string;
  /** Host name or IP address, without scheme, port or path. Default `127.0.0.1`. */
  readonly host?: string;
  /** Default: 6001 for a loopback host; for any other host, 443 with TLS and 80 without. */
  readonly port?: number | string;
  /** Default: false for a loopback host such as `127.0.0.1` or `localhost`; true for every other host. */
  readonly useTLS?: boolean;
  /** A cluster of the hosted Pusher service, such as `eu`, instead of a host. */
  readonly cluster?: string;
  /** Path in front of `/apps`, if a proxy adds one; starts with a slash. Default: none. */
  readonly pathPrefix?: string;
  /** The one master key of encrypted channels: base64 of 32 random bytes. For several keys, see `encryption`. */
  readonly encryptionMasterKeyBase64?: string;
  /** Master keys for key rotation: each replaces the one before. */
  readonly encryption?: EncryptionOptions;
  /** Turns on sealed channels. Default: channels with such names are ordinary ones. */
  readonly sealed?: SealedOptions;
  /** Longest time of one attempt, in milliseconds, up to 2,147,483,647. Default 10,000; 0: no limit. */
  readonly timeoutMs?: number;
  /** How many times a call that is safe to repeat is repeated at most. Default 10; 0: never. */
  readonly retries?: number;
  /** No attempt of a call starts later than this after the first one, in milliseconds. Default 10,000. */
  readonly retryWithinMs?: number;
  /** Largest `data` of one event, in bytes, encryption included. Use the same value as the server. Default 10,240. */
  readonly maxDataBytes?: number;
  /** Sends the requests, for example through a proxy. Default: the fastest way of this runtime. */
  readonly fetch?: Fetch;
  /** Replaces parts of the runtime, such as the clock in tests. */
  readonly platform?: Partial<Platform>;
}

const names = [
  "appId",
  "key",
  "secret",
  "host",
  "port",
  "useTLS",
  "cluster",
  "pathPrefix",
  "encryptionMasterKeyBase64",
  "encryption",
  "sealed",
  "timeoutMs",
  "retries",
  "retryWithinMs",
  "maxDataBytes",
  "fetch",
  "platform",
] as const satisfies readonly (keyof SealcastOptions)[];

const renamed = {
  encryptionMasterKey: "encryptionMasterKeyBase64",
  masterKey: "encryptionMasterKeyBase64",
  timeout: "timeoutMs",
  agent: "fetch",
  encrypted: "useTLS",
  scheme: "useTLS",
  tls: "useTLS",
  ssl: "useTLS",
  forceTLS: "useTLS",
  wsHost: "host",
  wsPort: "port",
  hostname: "host",
  url: "Sealcast.forURL(url)",
  app_id: "appId",
  id: "appId",
};

/**
 * Checks the names of all options, and all values except those of `encryption`, `encryptionMasterKeyBase64` and `sealed`.
 *
 * @throws {SealcastError} `invalid-options` that names the option. No message holds a key, a secret, or a URL.
 */
export function checkOptions(options: SealcastOptions): void {
  checkOptionNames("new Sealcast", options, names, renamed);
  checkCredentials(options);
  checkAddress(options);
  checkNumbers(options);
  if (options.fetch !== undefined) checkFunctionOption("new Sealcast", "fetch", options.fetch);
  if (options.platform !== undefined) checkPlatform(options.platform);
}

/** Returns the address of the app that checked options describe. */
export function addressOf(options: SealcastOptions): Address {
  const { appId, key, secret, pathPrefix = "", cluster } = options;
  const host = options.host ?? (cluster === undefined ? "127.0.0.1" : clusterHost(cluster));
  const useTLS = options.useTLS ?? !isLoopback(host);
  return {
    scheme: useTLS ? "https" : "http",
    host,
    port: options.port ?? (isLoopback(host) ? 6001 : undefined),
    pathPrefix,
    appId: String(appId),
    token: { key, secret },
  };
}

/** Returns `encryption`, or a ring with the one key of `encryptionMasterKeyBase64`; undefined if neither is set. */
export function encryptionOf(
  options: Pick<SealcastOptions, "encryption" | "encryptionMasterKeyBase64">,
): EncryptionOptions | undefined {
  const { encryption, encryptionMasterKeyBase64 } = options;
  if (encryption !== undefined && encryptionMasterKeyBase64 !== undefined) {
    throw invalid("Set encryption or encryptionMasterKeyBase64, not both");
  }
  if (encryptionMasterKeyBase64 === undefined) return encryption;
  return { ring: [{ key: encryptionMasterKeyBase64 }] };
}

function checkCredentials({ appId, key, secret }: SealcastOptions): void {
  for (const [name, value] of Object.entries({ appId: typeof appId === "number" ? `${appId}` : appId, key, secret })) {
    if (typeof value === "string" && value !== "") continue;
    throw invalid(`The option ${name} is missing: expected text, got ${value === "" ? "empty text" : typeName(value)}`);
  }
  if (typeof appId === "number" ? Number.isSafeInteger(appId) : /^[!-~]+$/.test(appId) && !/[/?#%]/.test(appId)) return;
  throw invalid("The option appId must be the id of an app, such as 1001: ASCII characters except spaces and / ? # %");
}

function checkAddress({ host, port, useTLS, cluster, pathPrefix }: SealcastOptions): void {
  if (host !== undefined) checkHost(host);
  if (port !== undefined && !isPort(port)) {
    throw invalid(`The option port must be a number from 1 to 65535, got ${shownPort(port)}`);
  }
  if (useTLS !== undefined && typeof useTLS !== "boolean") {
    throw invalid(`The option useTLS must be true or false, got ${typeName(useTLS)}`);
  }
  if (cluster !== undefined && !isTextLike(cluster, /^[\w-]+$/)) {
    throw invalid('The option cluster must be the name of a cluster, such as "eu"');
  }
  if (cluster !== undefined && host !== undefined) throw invalid("Set the option host or cluster, not both");
  if (pathPrefix !== undefined && !isTextLike(pathPrefix, /^(\/[^?#]*[^?#/])?$/)) {
    throw invalid('The option pathPrefix must start with a slash and not end with one, such as "/realtime"');
  }
}

function isTextLike(value: unknown, pattern: RegExp): boolean {
  return typeof value === "string" && pattern.test(value);
}

/** A longer timer runs at once. */
const longestTimerMs = 2_147_483_647;

function checkNumbers(options: SealcastOptions): void {
  for (const name of ["timeoutMs", "retries", "retryWithinMs", "maxDataBytes"] as const) {
    const value: unknown = options[name];
    if (value === undefined || (typeof value === "number" && value >= 0)) continue;
    const found = typeof value === "number" ? value : typeName(value);
    throw invalid(`The option ${name} must be a number of at least 0, got ${found}`);
  }
  const { timeoutMs = 0 } = options;
  if (timeoutMs <= longestTimerMs) return;
  throw invalid(`The option timeoutMs must be at most ${longestTimerMs}, or 0 for no limit, got ${timeoutMs}`);
}

/** The object may be an instance of a class, with further properties. */
function checkPlatform(platform: Partial<Platform>): void {
  if (typeof platform !== "object" || platform === null) {
    throw invalid(`The option platform must be an object of functions, got ${typeName(platform)}`);
  }
  for (const name of Object.keys(webPlatform) as (keyof Platform)[]) {
    if (platform[name] !== undefined) checkFunctionOption("The option platform", name, platform[name]);
  }
}

function checkHost(host: unknown): void {
  if (typeof host !== "string" || host === "") {
    throw invalid(`The option host must be a host name, got ${host === "" ? "empty text" : typeName(host)}`);
  }
  const [, scheme] = /^(\w+):\/\//.exec(host) ?? [];
  if (scheme !== undefined) {
    const setting = scheme === "http" ? " and useTLS: false" : "";
    throw invalid(
      `The option host must be a host name without ${scheme}://: set host and port${setting}, or use Sealcast.forURL`,
    );
  }
  const isIpv6 = /^\[?[\da-f]*:[\da-f:.]+\]?$/i.test(host);
  if (!isIpv6 && /[/:?#@\s]/.test(host)) {
    throw invalid("The option host must be a host name only: set a port with the option port, a path with pathPrefix");
  }
  if (!URL.canParse(`http://${isIpv6 ? `[${host.replace(/^\[|\]$/g, "")}]` : host}`)) {
    throw invalid("The option host must be a host name or an IP address");
  }
}

function shownPort(port: unknown): string {
  if (typeof port === "string") return JSON.stringify(port.slice(0, 20));
  return typeof port === "number" ? String(port) : typeName(port);
}

function isPort(port: unknown): boolean {
  const isNumeric = typeof port === "number" || (typeof port === "string" && /^\d+$/.test(port));
  return isNumeric && Number.isInteger(Number(port)) && Number(port) >= 1 && Number(port) <= 65_535;
}

function invalid(message: string): SealcastError {
  return new SealcastError("invalid-options", message);
}
