import type { UnknownEvents } from "../emitter.ts";
import type { Channel } from "./channel.ts";
import type { DecryptionError, EncryptionCounters } from "./event-decryptor.ts";

/** Events that an encrypted channel has besides those of every channel. */
export interface EncryptedEvents {
  /** An event was dropped. The server cannot send this event. */
  readonly "pusher:decryption_error": DecryptionError;
}

/**
 * A channel whose events only publishers and subscribers can read. Nothing that is not encrypted with a key of the channel
 * is emitted as an event of the application.
 */
export interface EncryptedChannel<Events extends object = UnknownEvents> extends Channel<Events & EncryptedEvents> {
  readonly counters: EncryptionCounters;
}
