/** A message of a user: event `message` of the room. */
export interface Message {
  /** Name of the user. */
  readonly from: string;
  readonly text: string;
  /** Unix time in milliseconds. */
  readonly sentAt: number;
  /** Numbers the messages of one run of the backend, so that pages see whether one is missing. */
  readonly number: number;
  /** When the backend that numbers the messages started, in Unix milliseconds. */
  readonly run: number;
}

/** The latest messages, oldest first: event `history` of the cache channel. */
export interface History {
  readonly messages: readonly Message[];
}

/** The room has a new key: event `key-changed`, the first one that is encrypted with the new key. */
export interface KeyChange {
  /** Unix time in milliseconds. */
  readonly changedAt: number;
}

/** What others see of a user on the presence channel. */
export interface Person {
  readonly name: string;
}
