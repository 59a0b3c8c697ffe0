/** A connection whose reading can be held. */
export interface Pausable {
  pause(): void;
  resume(): void;
}

/** Bytes of messages from one connection in a row after which others get a look: about what one read brings. */
const bytesInARow = 64 * 1_024;
/** What a message counts for besides its text: its handling costs as much as reading so many bytes. */
const bytesPerMessage = 16;

/**
 * Keeps one connection from holding up the others: Node.js reads up to two megabytes of it, tens of thousands of messages,
 * before it looks at the next.
 */
export class ReadPace {
  #last: Pausable | undefined;
  #bytes = 0;

  /** Counts a message; where that makes many in a row, reads on only in the next turn of the event loop. */
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
