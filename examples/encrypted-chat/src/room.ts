import { generateMasterKey, SealcastError, type EncryptionOptions, type Sealcast } from "@sealcast/server-sdk";
import type { History, KeyChange, Message } from "./room-events.ts";

/** The channels of the one room. Their prefixes make the first two end-to-end encrypted. */
export const room = "private-encrypted-lobby";
export const history = "private-encrypted-cache-lobby";
export const people = "presence-lobby";

/** How long messages wait when the key changes, in milliseconds. One process has one clock, so half of the default is enough. */
export const rotationPauseMs = 1_000;

/** Replaced keys that the ring keeps: events that were encrypted with them may still be on their way. */
const keptKeys = 3;

/** Plaintext of the history, in bytes of JSON; encrypted it stays below the server's limit for one event. */
const longestHistory = 7_000;

/** Publishes the messages of the room, numbers them, keeps the latest ones, and changes the room's key. */
export class Room {
  readonly #sealcast: Sealcast;
  #encryption: EncryptionOptions;
  #latest: readonly Message[] = [];
  #lastNumber = 0;
  readonly #run = Date.now();
  /** The publish before this one: numbers are given in order, one publish at a time. */
  #previous: Promise<unknown> = Promise.resolve();
  #change: Promise<void> | undefined;

  constructor(sealcast: Sealcast, encryption: EncryptionOptions) {
    this.#sealcast = sealcast;
    this.#encryption = encryption;
  }

  /** Publishes a message, and the history with it. A message that the server refused takes no number. */
  say(from: string, text: string): Promise<void> {
    return this.#inTurn(async () => {
      const message = { from, text, sentAt: Date.now(), number: this.#lastNumber + 1, run: this.#run };
      const latest = fitting([...this.#latest, message]);
      try {
        await this.#publish("message", message, latest);
      } catch (error) {
        // Without an answer, the server may have accepted it: then its number is used.
        if (error instanceof SealcastError && error.mayBeAccepted) this.#lastNumber = message.number;
        throw error;
      }
      this.#lastNumber = message.number;
      this.#latest = latest;
    });
  }

  /** Changes the key; a caller during a change waits for that one. */
  changeKey(): Promise<void> {
    this.#change ??= this.#changeKey().finally(() => (this.#change = undefined));
    return this.#change;
  }

  /** Several backends would agree on a time ahead. This one is the only one and changes its key at once. */
  async #changeKey(): Promise<void> {
    const changedAt = Date.now();
    const ring = [...this.#encryption.ring.slice(-keptKeys), { key: generateMasterKey(), from: changedAt }];
    this.#encryption = { ring, rotationPauseMs };
    this.#sealcast.replaceRing(this.#encryption);
    // Waits until the rotation pause is over, and is then the first event with the new key.
    await this.#inTurn(() => this.#publish("key-changed", { changedAt } satisfies KeyChange, this.#latest));
  }

  async #publish(name: string, data: object, messages: readonly Message[]): Promise<void> {
    await this.#sealcast.triggerBatch([
      { channel: room, name, data },
      { channel: history, name: "history", data: { messages } satisfies History },
    ]);
  }

  #inTurn(publish: () => Promise<void>): Promise<void> {
    const turn = this.#previous.then(publish, publish);
    this.#previous = turn.catch(() => undefined);
    return turn;
  }
}

/** The newest messages that fit into one event. */
function fitting(messages: readonly Message[]): readonly Message[] {
  const first = messages.findIndex(
    (_, index) => Buffer.byteLength(JSON.stringify(messages.slice(index))) <= longestHistory,
  );
  return first < 0 ? [] : messages.slice(first);
}
