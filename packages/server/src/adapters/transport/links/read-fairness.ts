/** A connection whose reading can be paused. */
export interface Pausable {
  pause(): void;
  resume(): void;
}

/** Bytes of messages from one connection in a row after which others get their turn: about as much as one read returns. */
const bytesInARow = 64 * 1_024;
/** Bytes counted for each message besides its text: handling a message costs as much as reading this many bytes. */
const bytesPerMessage = 16;

/**
 * Keeps one connection from delaying the others: Node.js reads up to two megabytes of it, tens of thousands of messages,
 * before it turns to the next.
 */
export class ReadFairness {
  #last: Pausable | undefined;
  #bytes = 0;

  /** Counts a message. After many in a row from one connection, pauses it until the next turn of the event loop. */
  count(connection: Pausable, bytes: number): void {
    if (connection !== this.#last) {
      this.#last = connection;
      this.#bytes = 0;
    }
    this.#bytes += bytes + bytesPerMessage;
    if (this.#bytes < bytesInARow) return;
    this.#bytes = 0;
    connection.pause();
    setImmediate(() => connection.resume());
  }
}
