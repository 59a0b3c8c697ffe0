/** Why an event of an encrypted channel was dropped. */
export type DecryptionErrorReason =
  /** Not an encrypted payload, or not text inside. No key would help. */
  | "malformed"
  /** No key opened it, for as long as events are held. */
  | "no-key"
  /** No key opened it, and too many events were waiting for one already. */
  | "overflow";

/** Data of `pusher:decryption_error`. Holds neither payload nor key. */
export interface DecryptionError {
  readonly reason: DecryptionErrorReason;
  /** Name of the dropped event. */
  readonly event: string;
}

/** What happened on an encrypted channel so far. */
export interface EncryptionCounters {
  /** Events delivered. */
  opened: number;
  /** Events that had to wait, for their own key or for an earlier event. */
  held: number;
  /** Events delivered after later ones. */
  late: number;
  /** Events dropped, by reason. */
  readonly dropped: Record<DecryptionErrorReason, number>;
  /** Requests for new keys, those of subscriptions not counted. */
  fetches: number;
}

/** Times of encrypted channels, in milliseconds. */
export interface VaultSettings {
  /** How long an event waits for its key. Default 60,000. */
  readonly holdMs?: number | undefined;
  /** How long later events wait behind one that waits for its key. Default 2,000. */
  readonly orderHoldMs?: number | undefined;
}

/** What a vault asks of its channel. */
export interface VaultPorts {
  /** Hands out an opened event. */
  readonly deliver: (event: string, data: unknown, late: boolean) => void;
  /** Reports a dropped event. */
  readonly drop: (error: DecryptionError) => unknown;
  /** Asks for new keys; the answer comes as `learn` or `learnedNothing`. */
  readonly fetch: () => void;
}

/** Keeps the keys of one encrypted channel, opens its events in order, and holds those that it cannot open yet. */
export interface Vault {
  /**
   * Takes the keys of an authorization.
   *
   * @param secrets base64, the one to seal with first.
   * @param refreshMs when to ask again, in milliseconds; undefined: not before there is a reason.
   */
  learn(secrets: readonly string[], refreshMs: number | undefined): void;
  /** Told that asking for keys failed. */
  learnedNothing(): void;
  /** Takes an event as the server sent it. */
  receive(event: string, data: unknown): void;
  /** The key to seal client events with; undefined where it is missing or too old. */
  sealingKey(): Uint8Array | undefined;
  /** Forgets keys and held events. */
  wipe(): void;
}

/** The part of the client that holds the cipher: `@sealcast/client/encryption`. */
export interface EncryptionModule {
  /** Seals the data of a client event. Loaded only where these are sent. */
  readonly sealData?: (key: Uint8Array, data: unknown) => unknown;
  readonly createVault: (settings: VaultSettings, counters: EncryptionCounters, ports: VaultPorts) => Vault;
}
