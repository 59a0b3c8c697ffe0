/** What the backend tells a page after login. */
export interface PageSettings {
  /** Of the user. */
  readonly name: string;
  /** The channel of the room. */
  readonly room: string;
  /** Public key of the app on the Sealcast server, which is at `host` and `port`. */
  readonly key: string;
  readonly host: string;
  readonly port: number;
}
