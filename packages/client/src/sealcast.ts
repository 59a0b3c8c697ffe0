import { askTogether } from "./auth/ask-together.ts";
import type { Channel } from "./channels/channel.ts";
import type { EncryptedChannel } from "./channels/encrypted-channel.ts";
import type { PresenceChannel } from "./channels/presence-channel.ts";
import { Client } from "./client.ts";
import type { EventName, UnknownEvents } from "./emitter.ts";
import type { UntilAborted } from "./listen.ts";
import type { ClientOptions } from "./options.ts";
import { SealcastError } from "./sealcast-error.ts";

/** Options of {@link Sealcast}: where the server is, and what every client has. */
export interface SealcastOptions extends ClientOptions {
  /** Address of the server, such as `https://realtime.example.com`. Stands for hosts, ports, paths and `forceTLS`. */
  readonly url?: string | URL | undefined;
  /** Whether to connect at once. Default true; false where the code also runs without a user, as in server rendering. */
  readonly autoConnect?: boolean | undefined;
}

/** Channel name → map of its events. A name may be a pattern: `` `private-chat-${string}` ``. */
export interface UnknownChannels {
  readonly [name: string]: UnknownEvents;
}

/** Events of a presence channel whose members carry `Info`. */
export type Presence<Info, Events extends object = UnknownEvents> = Events & { readonly [memberInfo]?: Info };
declare const memberInfo: unique symbol;

/** The class of the channel with a name. */
export type ChannelOf<Name extends string, Events> = Events extends object
  ? Name extends `private-encrypted-${string}`
    ? EncryptedChannel<Events>
    : Name extends `presence-${string}`
      ? PresenceChannel<Events, Events extends { readonly [memberInfo]?: infer Info } ? Info : unknown>
      : Channel<Events>
  : never;

/**
 * A client of one app. Connects when it is created and stays connected.
 *
 * @typeParam Channels which events the channels have, so that names and data are checked.
 */
export class Sealcast<Channels extends object = UnknownChannels> extends Client {
  /** @param key public key of the app. An address is needed: `url`, `wsHost` or `cluster`. */
  constructor(key: string, options: SealcastOptions) {
    const { url, wsHost, cluster, autoConnect = true } = options;
    if (!key || !(url || wsHost || cluster)) {
      throw new SealcastError("invalid-argument", "Cannot create a client without the key of an app and a `url`");
    }
    super(key, url ? { ...options, ...addressOf(new URL(url)) } : options, askTogether);
    if (autoConnect) this.connect();
  }

  /** Joins a channel, now or as soon as there is a connection, and until `signal` aborts. */
  subscribe<Name extends EventName<Channels>>(
    name: Name,
    { signal }: UntilAborted = {},
  ): ChannelOf<Name, Channels[Name]> {
    const channel = this.join(name);
    const leave = (): void => {
      if (this.channels.find(name) === channel) this.unsubscribe(name);
    };
    if (signal?.aborted) leave();
    signal?.addEventListener("abort", leave, { signal: channel.left });
    return channel as ChannelOf<Name, Channels[Name]>;
  }

  /** All channels. */
  allChannels(): Channel[] {
    return this.channels.all();
  }

  /** The channel with a name, if it was subscribed to. */
  channel<Name extends EventName<Channels>>(name: Name): ChannelOf<Name, Channels[Name]> | undefined {
    return this.channels.find(name) as ChannelOf<Name, Channels[Name]> | undefined;
  }
}

function addressOf({ protocol, hostname, port, pathname }: URL): ClientOptions {
  const number = Number(port);
  const path = pathname.replace(/\/$/, "");
  return {
    forceTLS: protocol === "https:" || protocol === "wss:",
    wsHost: hostname,
    wsPort: number,
    wssPort: number,
    wsPath: path,
    httpPath: `${path}/pusher`,
  };
}
