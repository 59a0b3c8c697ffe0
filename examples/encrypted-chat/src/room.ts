import { generateMasterKey, SealcastError, type Sealcast } from "@sealcast/server-sdk";
import type { RoomChannels } from "./room-channels.ts";
import type { History, KeyChange, Message } from "./room-events.ts";

/** A key and the time from which the backend uses it, in Unix milliseconds. */
export interface RoomKey {
  /** Base64 of 32 bytes. */
  readonly key: string;
  readonly from?: number;
}

/** Replaced keys that the ring keeps: events that were encrypted with them may still be on their way. */
const keptKeys = 3;

/** Plaintext of the history, in bytes of JSON; encrypted it stays below the server's limit for one event. */
const longestHistory = 7_000;

/** Publishes the messages of the room, numbers them, keeps the latest ones, and changes the room's key. */
export class Room {
  readonly #sealcast: Sealcast;
  readonly #channels: RoomChannels;
  readonly #useRing: (ring: readonly RoomKey[]) => void;
  #ring: readonly RoomKey[];
  #latest: readonly Message[] = [];
  #lastNumber = 0;
  readonly #run = Date.now();
  /** The publish before this one: numbers are given in order, one publish at a time. */
  #previous: Promise<unknown> = Promise.resolve();
  #change: Promise<void> | undefined;

  /**
   * @param ring the keys that `sealcast` has.
   * @param useRing gives `sealcast` other keys.
   */
  constructor(
    sealcast: Sealcast,
    channels: RoomChannels,
    ring: readonly RoomKey[],
    useRing: (ring: readonly RoomKey[]) => void,
  ) {
    this.#sealcast = sealcast;
    this.#channels = channels;
    this.#ring = ring;
    this.#useRing = useRing;
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
    this.#ring = [...this.#ring.slice(-keptKeys), { key: generateMasterKey(), from: changedAt }];
    this.#useRing(this.#ring);
    // On encrypted channels it waits until the rotation pause is over. It is the first event with the new key.
    await this.#inTurn(() => this.#publish("key-changed", { changedAt } satisfies KeyChange, this.#latest));
  }

  async #publish(name: string, data: object, messages: readonly Message[]): Promise<void> {
    const { room, history } = this.#channels;
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
