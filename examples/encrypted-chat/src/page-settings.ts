/** Settings that the backend sends to a page after login. */
export interface PageSettings {
  /** Id of the user on presence channels. */
  readonly id: string;
  /** Name of the user. */
  readonly name: string;
  /** Encrypted channel of the messages. */
  readonly room: string;
  /** Encrypted cache channel that keeps the latest messages. */
  readonly history: string;
  /** Presence channel: who is here, and who is typing. */
  readonly people: string;
  /** Public key of the app on the Sealcast server, which is at `host` and `port`. */
  readonly key: string;
  readonly host: string;
  readonly port: number;
}
