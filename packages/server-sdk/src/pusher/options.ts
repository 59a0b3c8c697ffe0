import { encodeBase64, encodeUtf8 } from "@sealcast/crypto";
import { clusterHost, type Address } from "../address.ts";
import { readMasterKey, type EncryptionOptions } from "../encryption-options.ts";
import type { Fetch } from "../fetch-transport.ts";
import type { Platform } from "../platform.ts";
import { Token } from "./token.ts";

/** The options of the official library except the address, and four of our own. */
export interface BaseOptions {
  appId: string | number;
  key: string;
  secret: string;
  /** Default false. */
  useTLS?: boolean;
  /** @deprecated the old name of `useTLS` */
  encrypted?: boolean;
  scheme?: string;
  /** Longest time of a request, in milliseconds. Default: no limit. */
  timeout?: number;
  /** An agent of `node:http` or `node:https`, for a proxy or for separate connections. Node.js only. */
  agent?: object;
  encryptionMasterKeyBase64?: string;
  /** @deprecated 32 characters of text; use `encryptionMasterKeyBase64` */
  encryptionMasterKey?: string;
  /** Not in the official library: several master keys that follow one another. */
  encryption?: EncryptionOptions;
  /** Not in the official library: how often a call that is safe to repeat is repeated. Default 0. */
  retries?: number;
  /** Not in the official library: sends the requests. */
  fetch?: Fetch;
  /** Not in the official library: replaces parts of the runtime. */
  platform?: Partial<Platform>;
}

/** All options. */
export interface Options extends BaseOptions {
  host?: string;
  cluster?: string;
  port?: string | number;
}

/** The settings that the official library derives from its options and exposes as `pusher.config`. */
export interface Config {
  readonly scheme: string;
  readonly host: string;
  readonly port: string | number | undefined;
  readonly appId: string | number;
  readonly token: Token;
  readonly timeout: number | undefined;
  readonly agent: object | undefined;
  readonly encryptionMasterKey: Uint8Array | undefined;
}

/** Reads options as the official library does, with its error messages. */
export function configOf(options: Options): Config {
  if (options.useTLS !== undefined && options.encrypted !== undefined) {
    throw new Error("Cannot set both `useTLS` and `encrypted` configuration options");
  }
  if (options.encrypted !== undefined) console.warn("`encrypted` option is deprecated in favor of `useTLS`");
  const useTLS = options.useTLS ?? options.encrypted ?? false;
  return {
    scheme: options.scheme || (useTLS ? "https" : "http"),
    host: options.host || (options.cluster ? clusterHost(options.cluster) : "api.pusherapp.com"),
    port: options.port,
    appId: options.appId,
    token: new Token(options.key, options.secret),
    timeout: options.timeout,
    agent: options.agent,
    encryptionMasterKey: asBuffer(masterKeyOf(options)),
  };
}

/** Returns the address of the app. */
export function addressOfConfig(config: Config): Address {
  const { scheme, host, appId, token } = config;
  return { scheme, host, port: config.port || undefined, pathPrefix: "", appId: String(appId), token };
}

/** Returns the key ring of these options: that of `encryption`, or the single master key. */
export function ringOf(options: Options, config: Config): EncryptionOptions | undefined {
  const { encryptionMasterKey } = config;
  if (encryptionMasterKey === undefined) return options.encryption;
  if (options.encryption !== undefined) throw new Error("Do not specify both encryption and an encryptionMasterKey");
  return { ring: [{ key: encodeBase64(encryptionMasterKey) }] };
}

function masterKeyOf(options: Options): Uint8Array | undefined {
  const { encryptionMasterKey: text, encryptionMasterKeyBase64: base64 } = options;
  if (text !== undefined) {
    if (base64 !== undefined) {
      throw new Error(
        "Do not specify both encryptionMasterKey and encryptionMasterKeyBase64. encryptionMasterKey is deprecated, please specify only encryptionMasterKeyBase64.",
      );
    }
    console.warn("`encryptionMasterKey` option is deprecated in favor of `encryptionMasterKeyBase64`");
    if (typeof text !== "string") throw new Error("encryptionMasterKey must be a string");
    const key = encodeUtf8(text);
    if (key.length !== keyBytes) {
      throw new Error(`encryptionMasterKey must be 32 bytes long, but the provided key is ${key.length} bytes long`);
    }
    return key;
  }
  if (base64 === undefined) return undefined;
  if (typeof base64 !== "string") throw new Error("encryptionMasterKeyBase64 must be a string");
  const key = readMasterKey(base64);
  if (key === undefined) throw new Error("encryptionMasterKeyBase64 must be valid base64");
  if (key.length !== keyBytes) {
    throw new Error(
      `encryptionMasterKeyBase64 must decode to 32 bytes, but the provided key decodes to ${key.length} bytes`,
    );
  }
  return key;
}

const keyBytes = 32;

/** Returns a `Buffer` where the runtime has it: users of the official library call `.toString("base64")`. */
export function asBuffer<Bytes extends Uint8Array | undefined>(bytes: Bytes): Bytes | Uint8Array {
  const { Buffer } = globalThis as { readonly Buffer?: { from(bytes: Uint8Array): Uint8Array } };
  return bytes === undefined ? bytes : (Buffer?.from(bytes) ?? bytes);
}
