import type { Encryption } from "@sealcast/protocol";
import type { ChannelGrant } from "../auth/channel-grant.ts";
import type { EventMetadata } from "../emitter.ts";

/** Why an event of an encrypted channel was dropped. */
export type DecryptionErrorReason =
  /** Not an encrypted payload, or its content is not text. No key would help. */
  | "malformed"
  /** No key decrypted it within `holdMs`. */
  | "no-key"
  /** No key decrypted it, and too many events were waiting for a key already. */
  | "overflow"
  | SealedReason;

/** Why an event of a sealed channel was dropped, besides the reasons of encrypted channels. */
export type SealedReason =
  /** Another version or kind of envelope. */
  | "version"
  | "kind"
  /** Member info: its key is not known. */
  | "unknown-key"
  /** The envelope was changed, renamed or moved from another channel. */
  | "auth-failed"
  /** The publisher must sign, and this event has no valid signature of a known signer. */
  | "unsigned"
  | "unknown-signer"
  | "bad-signature"
  /** Received before. */
  | "replay"
  /** Sent before this subscription. */
  | "stale";

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
  readonly dropped: Record<Exclude<DecryptionErrorReason, SealedReason>, number> &
    Partial<Record<SealedReason, number>>;
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
  readonly deliver: (event: string, data: unknown, metadata: EventMetadata) => void;
  /** Reports a dropped event. */
  readonly drop: (error: DecryptionError) => unknown;
  /** Asks for new keys. `addSecrets` or `refreshFailed` is called with the result. */
  readonly fetch: () => void;
}

/** Has the keys of one encrypted channel, decrypts its events in order, and holds events whose key is not known yet. */
export interface EventDecryptor {
  /** Takes the keys of an authorization. */
  addSecrets(grant: Pick<ChannelGrant, "secrets" | "refreshMs" | "switchMs" | "e2e">): void;
  /** Asking for keys has failed. */
  refreshFailed(): void;
  /** Takes an event as the server sent it. `userId`: the sender of a client event, as the server says. */
  receive(event: string, data: unknown, userId: string | undefined): void;
  /** Sealed channels: the server has confirmed the subscription. */
  subscribed?(): void;
  /** Sealed channels: seals a client event. Returns undefined if there is no key that is fresh enough. */
  seal?(event: string, data: unknown): unknown;
  /** Sealed presence channels: opens the info of a member. Returns null if that fails. */
  openInfo?(userId: string, info: unknown): unknown;
  /** Encrypted channels: returns the key for client events; undefined if there is none, or if it is too old. */
  sealingKey?(): Uint8Array | undefined;
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
