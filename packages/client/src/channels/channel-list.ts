import type { Channel } from "./channel.ts";

/** The channels of a client, by name. */
export class ChannelList {
  /** Name → channel. Inherits nothing: names are chosen by users. */
  readonly channels: Record<string, Channel> = Object.create(null) as Record<string, Channel>;

  /** All channels. */
  all(): Channel[] {
    return Object.values(this.channels);
  }

  /** The channel with a name, if it was subscribed to. */
  find(name: string): Channel | undefined {
    return this.channels[name];
  }
}
