/** What a user wrote: event `message` of the room. */
export interface Message {
  /** Name of the user. */
  readonly from: string;
  readonly text: string;
  /** Unix time in milliseconds. */
  readonly sentAt: number;
  /** Counts the messages of the room, so that pages see whether one is missing. */
  readonly number: number;
}

/** The room has a new key: event `key-changed`, the first one that the new key seals. */
export interface KeyChange {
  /** Unix time in milliseconds. */
  readonly changedAt: number;
}
