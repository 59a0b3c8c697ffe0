import { checkOptions } from "#checks";
import { addressOf } from "./address-of.ts";
import type { Channel } from "./channels/channel.ts";
import type { EncryptedChannel } from "./channels/encrypted-channel.ts";
import type { PresenceChannel } from "./channels/presence-channel.ts";
import { Client } from "./client.ts";
import type { EventName, UnknownEvents } from "./emitter.ts";
import type { UntilAborted } from "./listen.ts";
import { logEvent, type Log } from "./log.ts";
import type { ClientOptions } from "./options.ts";
import { SealcastError } from "./sealcast-error.ts";

/** Options of {@link Sealcast}: the address of the server, and the options of every client. */
export interface SealcastOptions extends ClientOptions {
  /**
   * Address of the server, such as `https://realtime.example.com` or `http://127.0.0.1:6001`. Replaces hosts, ports, paths
   * and `forceTLS`.
   */
  readonly url?: string | URL | undefined;
  /** Whether to connect at once. Default true; use false if the code also runs on a server, as in server rendering. */
  readonly autoConnect?: boolean | undefined;
  /**
   * Receives log entries: state changes, names of events and errors, never data of events, keys or signatures. Default: the
   * first failure to connect is written to `console.warn`. `false`: nothing is written.
   */
  readonly log?: Log | false | undefined;
}

/** Channel name → map of its events. A name may be a pattern: `` `private-chat-${string}` ``. */
export interface UnknownChannels {
  readonly [name: string]: UnknownEvents;
}

/** Events of a presence channel whose members have `Info`. */
export type Presence<Info, Events extends object = UnknownEvents> = Events & { readonly [memberInfo]?: Info };
declare const memberInfo: unique symbol;

/** The type of the channel with this name. */
export type ChannelOf<Name extends string, Events> = Events extends object
  ? Name extends `private-encrypted-${string}` | `private-${"" | "cache-"}sealed-${string}`
    ? EncryptedChannel<Events>
    : Name extends `presence-${string}`
      ? PresenceChannel<Events, Events extends { readonly [memberInfo]?: infer Info } ? Info : unknown>
      : Channel<Events>
  : never;

/**
 * A client of one app. Connects when it is created, and reconnects until `disconnect()` is called.
 *
 * @typeParam Channels the channels and their events, so that the compiler checks names and data.
 * @example
 * const client = new Sealcast("app-key", { url: "https://realtime.example.com" });
 * client.subscribe("news").bind("headline", ({ text }) => console.log(text));
 */
export class Sealcast<Channels extends object = UnknownChannels> extends Client {
  declare readonly options: SealcastOptions;
  private hasWarned = false;

  /**
   * @param key public key of the app.
   * @param options must contain an address: `url`, `wsHost` or `cluster`.
   * @throws {SealcastError} `invalid-argument` if key or address is missing, or an option is unknown or not valid.
   */
  constructor(key: string, options: SealcastOptions) {
    checkOptions(options ?? {});
    const { url, wsHost, cluster, autoConnect = true } = options ?? {};
    if (!key || !(url || wsHost || cluster)) {
      throw new SealcastError(
        "invalid-argument",
        "Cannot create a client without the key of an app and the option 'url'",
      );
    }
    super(key, url ? { ...options, ...addressOf(url) } : options, async () => {
      const { batchedAuthorization } = await import("./auth/batched-authorization.ts");
      return batchedAuthorization(options, this.user);
    });
    if (autoConnect) this.connect();
  }

  /**
   * Joins a channel, now or as soon as there is a connection, until `unsubscribe` is called or `signal` aborts.
   *
   * @throws {SealcastError} `invalid-argument` if the name starts with `#`.
   */
  subscribe<Name extends EventName<Channels>>(
    name: Name,
    { signal }: UntilAborted = {},
  ): ChannelOf<Name, Channels[Name]> {
    const channel = this.join(name);
    const leave = (): void => channel.unsubscribe();
    if (signal?.aborted) leave();
    signal?.addEventListener("abort", leave);
    channel.left.addEventListener("abort", () => signal?.removeEventListener("abort", leave));
    return channel as ChannelOf<Name, Channels[Name]>;
  }

  /** Returns all channels. */
  allChannels(): Channel[] {
    return this.channels.all();
  }

  /** Returns the channel with this name, or undefined if it is not subscribed to. */
  channel<Name extends EventName<Channels>>(name: Name): ChannelOf<Name, Channels[Name]> | undefined {
    return this.channels.find(name) as ChannelOf<Name, Channels[Name]> | undefined;
  }

  protected override handle(event: string, data: unknown): void {
    const { log } = this.options;
    if (log) logEvent(log, event, data);
    else if (log !== false && !this.hasWarned) {
      const { failure, state } = this.connection;
      if (event === "error" && (failure?.code === "unreachable" || (failure && state === "disconnected"))) {
        this.hasWarned = true;
        console.warn(`Sealcast: ${failure.message}`);
      }
    }
    super.handle(event, data);
  }
}
