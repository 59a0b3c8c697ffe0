import type { RoomChannels } from "./room-channels.ts";

/** Settings that the backend sends to a page after login. */
export interface PageSettings extends RoomChannels {
  /** Id of the user on presence channels. */
  readonly id: string;
  /** Name of the user. */
  readonly name: string;
  /** Public key of the app on the Sealcast server, which is at `host` and `port`. */
  readonly key: string;
  readonly host: string;
  readonly port: number;
}
