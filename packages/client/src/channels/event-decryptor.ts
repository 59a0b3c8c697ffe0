import type { Encryption } from "@sealcast/protocol";

/** Why an event of an encrypted channel was dropped. */
export type DecryptionErrorReason =
  /** Not an encrypted payload, or its content is not text. No key would help. */
  | "malformed"
  /** No key decrypted it within `holdMs`. */
  | "no-key"
  /** No key decrypted it, and too many events were waiting for a key already. */
  | "overflow";

/** Data of `pusher:decryption_error`. Contains neither payload nor key. */
export interface DecryptionError {
  readonly reason: DecryptionErrorReason;
  /** Name of the dropped event. */
  readonly event: string;
}

/** What happened to the events of an encrypted channel so far. */
export interface EncryptionCounters {
  /** Events delivered. */
  opened: number;
  /** Events that had to wait, for their own key or for an earlier event. */
  held: number;
  /** Events delivered after later ones. */
  late: number;
  /** Events dropped, by reason. */
  readonly dropped: Record<DecryptionErrorReason, number>;
  /** Requests for new keys, without those of subscriptions. */
  fetches: number;
}

/** Times of encrypted channels, in milliseconds. */
export interface DecryptorSettings {
  /** How long an event waits for its key. Default 60,000. */
  readonly holdMs?: number | undefined;
  /** How long later events wait behind an event that waits for its key. Default 2,000. */
  readonly orderHoldMs?: number | undefined;
}

/** What a decryptor asks of its channel. */
export interface DecryptorPorts {
  /** Delivers a decrypted event. */
  readonly deliver: (event: string, data: unknown, late: boolean) => void;
  /** Reports a dropped event. */
  readonly drop: (error: DecryptionError) => unknown;
  /** Asks for new keys. `addSecrets` or `refreshFailed` is called with the result. */
  readonly fetch: () => void;
}

/** Has the keys of one encrypted channel, decrypts its events in order, and holds events whose key is not known yet. */
export interface EventDecryptor {
  /**
   * Takes the keys of an authorization.
   *
   * @param secrets base64, the key to encrypt with first.
   * @param refreshMs when to ask again, in milliseconds; undefined: only when an event cannot be decrypted.
   */
  addSecrets(secrets: readonly string[], refreshMs: number | undefined): void;
  /** Asking for keys has failed. */
  refreshFailed(): void;
  /** Takes an event as the server sent it. */
  receive(event: string, data: unknown): void;
  /** Returns the key to encrypt client events with; undefined if there is none, or if it is too old. */
  sealingKey(): Uint8Array | undefined;
  /** Forgets keys and held events. */
  wipe(): void;
}

/** Where a client event is sent: what an encryption scheme may bind the data to. */
export interface SealingContext {
  readonly channel: string;
  readonly encryption: Encryption;
  readonly event: string;
}

/** The part of the client that contains the cipher: `@sealcast/client/encryption`. */
export interface EncryptionModule {
  /** Encrypts the data of a client event. Present only with the option `encryptedClientEvents`. */
  readonly sealEvent?: (context: SealingContext, key: Uint8Array, data: unknown) => unknown;
  readonly createDecryptor: (
    channel: string,
    encryption: Encryption,
    settings: DecryptorSettings,
    counters: EncryptionCounters,
    ports: DecryptorPorts,
  ) => EventDecryptor;
}
