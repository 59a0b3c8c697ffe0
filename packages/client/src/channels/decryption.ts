import type { Encryption } from "@sealcast/protocol";
import { isFinal } from "../auth/auth-error.ts";
import type { ChannelGrant } from "../auth/channel-grant.ts";
import { SealcastError } from "../sealcast-error.ts";
import type { ChannelHost } from "./channel-host.ts";
import type { DecryptorPorts, EncryptionCounters, EncryptionModule, EventDecryptor } from "./event-decryptor.ts";

/** What the decryption of a channel asks of the channel. */
export interface DecryptionPorts extends Pick<DecryptorPorts, "deliver" | "drop"> {
  /** Asks the endpoint for keys, once. */
  readonly authorize: () => Promise<ChannelGrant>;
  /** The endpoint has refused this user. */
  readonly refused: (error: SealcastError) => void;
}

/** What an encrypted channel has besides other channels: the cipher, loaded when needed, and the keys while there are any. */
export class Decryption {
  readonly counters: EncryptionCounters = {
    opened: 0,
    held: 0,
    late: 0,
    dropped: { malformed: 0, "no-key": 0, overflow: 0 },
    fetches: 0,
  };
  private readonly channel: string;
  private readonly encryption: Encryption;
  private readonly host: ChannelHost;
  private readonly ports: DecryptionPorts;
  private cipher: EncryptionModule | undefined;
  /** Exists while there are keys. */
  private decryptor: EventDecryptor | undefined;

  constructor(channel: string, encryption: Encryption, host: ChannelHost, ports: DecryptionPorts) {
    this.channel = channel;
    this.encryption = encryption;
    this.host = host;
    this.ports = ports;
  }

  /** Loads the cipher. */
  async load(): Promise<void> {
    this.cipher = await this.host.loadCipher(this.encryption);
  }

  /** Takes the keys of an authorization. */
  addSecrets(grant: ChannelGrant): void {
    this.decryptor ??= this.createDecryptor();
    this.decryptor?.addSecrets(grant);
  }

  /** Takes an event as the server sent it. */
  receive(event: string, data: unknown, userId: string | undefined): void {
    this.decryptor?.receive(event, data, userId);
  }

  /** The server has confirmed the subscription. */
  subscribed(): void {
    this.decryptor?.subscribed?.();
  }

  /** Opens the info of a member. */
  openInfo(userId: string, info: unknown): unknown {
    const { decryptor } = this;
    return decryptor?.openInfo ? decryptor.openInfo(userId, info) : info;
  }

  /**
   * Encrypts the data of a client event. Returns undefined if there is no key that is fresh enough.
   *
   * @throws {SealcastError} `unsupported` without the option `encryptedClientEvents`.
   */
  encrypt(event: string, data: unknown): unknown {
    if (this.encryption === "sealed") return this.decryptor?.seal?.(event, data);
    if (!this.host.options.encryptedClientEvents) {
      throw new SealcastError("unsupported", "Client events are not currently supported for encrypted channels");
    }
    const key = this.decryptor?.sealingKey?.();
    const { channel, encryption } = this;
    return key && this.cipher?.sealEvent?.({ channel, encryption, event }, key, data);
  }

  /** Forgets keys and held events. */
  forget(): void {
    this.decryptor?.wipe();
    this.decryptor = undefined;
  }

  private createDecryptor(): EventDecryptor | undefined {
    let isCurrent = true;
    const { authorize, deliver, drop, refused } = this.ports;
    const decryptor = this.cipher?.createDecryptor(this.channel, this.encryption, this.host.options, this.counters, {
      deliver,
      drop,
      fetch: () => {
        // One request: the decryptor knows when to ask again.
        authorize().then(
          (grant) => isCurrent && decryptor?.addSecrets(grant),
          (error: SealcastError) => {
            if (!isCurrent) return;
            // A refusal of this user ends the subscription. Any other failure only means that there is no new key.
            if (isFinal(error)) refused(error);
            else decryptor?.refreshFailed();
          },
        );
      },
    });
    return (
      decryptor && {
        ...decryptor,
        wipe: () => {
          isCurrent = false;
          decryptor.wipe();
        },
      }
    );
  }
}
