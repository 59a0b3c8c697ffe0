import type { ChannelGrant } from "../auth/channel-grant.ts";
import type { ServerMessage } from "../connection/message.ts";
import type { UnknownEvents } from "../emitter.ts";
import { SealcastError } from "../sealcast-error.ts";
import { PrivateChannel } from "./private-channel.ts";
import type { DecryptionError, EncryptionCounters, EncryptionModule, Vault } from "./vault.ts";

/** Events that an encrypted channel has besides those of every channel. */
export interface EncryptedEvents {
  /** An event was dropped. The server cannot send this one. */
  readonly "pusher:decryption_error": DecryptionError;
}

/** All that the server may say in clear on an encrypted channel. */
export const clearEvents: readonly string[] = [
  "pusher_internal:subscription_succeeded",
  "pusher_internal:subscription_count",
  "pusher:subscription_error",
  "pusher:cache_miss",
];

/**
 * A private channel whose events only publishers and subscribers can read. Nothing that was not sealed with a key of the
 * channel is ever emitted as an event of the application.
 */
export class EncryptedChannel<Events extends object = UnknownEvents> extends PrivateChannel<Events & EncryptedEvents> {
  /** What happened so far. */
  readonly counters: EncryptionCounters = {
    opened: 0,
    held: 0,
    late: 0,
    dropped: { malformed: 0, "no-key": 0, overflow: 0 },
    fetches: 0,
  };
  /** Exists while there are keys. */
  #vault: Vault | undefined;
  #cipher: EncryptionModule | undefined;

  override trigger(event: string, data: unknown): boolean {
    if (!this.pusher.options.encryptedClientEvents) {
      throw new SealcastError("unsupported", "Client events are not currently supported for encrypted channels");
    }
    const key = this.#vault?.sealingKey();
    return key ? super.trigger(event, this.#cipher?.sealData?.(key, data)) : false;
  }

  override unsubscribe(): void {
    this.#forget();
    super.unsubscribe();
  }

  override disconnect(forGood: boolean): void {
    // Across a mere reconnection the keys are kept, so that nothing sealed under an older one is lost.
    if (forGood) this.#forget();
    super.disconnect(forGood);
  }

  override handleEvent(message: ServerMessage): void {
    const { event, data } = message;
    if (clearEvents.includes(event)) super.handleEvent(message);
    else if (!event.startsWith("pusher:") && !event.startsWith("pusher_internal:")) this.#vault?.receive(event, data);
  }

  protected override async authorize(): Promise<ChannelGrant> {
    const [grant, cipher] = await Promise.all([super.authorize(true), this.pusher.loadCipher()]);
    this.#cipher = cipher;
    return grant;
  }

  protected override granted(grant: ChannelGrant): void {
    this.#vault ??= this.#createVault();
    this.#vault?.learn(grant.secrets, grant.refreshMs);
    super.granted(grant);
  }

  protected override refused(error: SealcastError): void {
    if (isForGood(error)) this.#forget();
    super.refused(error);
  }

  #createVault(): Vault | undefined {
    const vault = this.#cipher?.createVault(this.pusher.options, this.counters, {
      deliver: (event, data, late) => {
        this.emit(event, data, late ? { late } : {});
        this.pusher.emit(event, data);
      },
      drop: (error) => this.emit("pusher:decryption_error", error),
      fetch: () => {
        const isCurrent = (): boolean => vault === this.#vault;
        // Once: the vault knows when to ask again.
        super.authorize(true, 1).then(
          ({ secrets, refreshMs }) => isCurrent() && vault?.learn(secrets, refreshMs),
          (error: SealcastError) => {
            if (!isCurrent()) return;
            // A no to this user ends the subscription; any other failure only means that there is nothing new.
            if (isForGood(error)) this.refused(error);
            else vault?.learnedNothing();
          },
        );
      },
    });
    return vault;
  }

  #forget(): void {
    this.#vault?.wipe();
    this.#vault = undefined;
  }
}

function isForGood({ status }: SealcastError): boolean {
  return status === 401 || status === 403;
}
