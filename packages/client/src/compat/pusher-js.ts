import type { ChannelHandler } from "../auth/auth-options.ts";
import type { LeavableChannel } from "../channels/channel-host.ts";
import { Client } from "../client.ts";
import type { LooseEvents } from "../emitter.ts";
import { fieldsOf } from "../untrusted.ts";
import { resolveConfig } from "../options.ts";
import type { Anything, Channel, Channels, ConnectionManager, UserFacade } from "./channel-types.ts";
import { authCallbacks } from "./auth-callbacks.ts";
import { checkOptions, type ClusterOptions, type Options } from "./options.ts";
import { logEvent, writeLog } from "./log.ts";
import { runtime, type Runtime } from "./runtime.ts";

/**
 * The client in the shape of the `pusher-js` package: its users change the import and nothing else.
 *
 * @example
 * const pusher = new Pusher("app-key", { cluster: "", wsHost: "realtime.example.com" });
 * pusher.subscribe("news").bind("headline", ({ text }) => console.log(text));
 */
export class Pusher extends Client<LooseEvents, LooseEvents, LooseEvents> {
  /** All instances that were created. */
  static readonly instances: Pusher[] = [];
  /** Whether new instances connect at once. */
  static isReady = true;
  /** Whether log entries are written to the console. */
  static logToConsole = false;
  /** Receives log entries; has priority over the console. */
  static log: (message: Anything) => void;
  static readonly Runtime: Runtime = runtime;
  static readonly ScriptReceivers: object = {};
  static readonly DependenciesReceivers: object = {};
  /** Takes the answers to JSONP requests. */
  static readonly auth_callbacks: object = authCallbacks;

  declare options: Options;
  declare readonly connection: ConnectionManager;
  declare readonly channels: Channels;
  declare readonly user: UserFacade;
  /** A random number. */
  readonly sessionID: number = Math.floor(Math.random() * 1_000_000_000);

  /**
   * @param options must contain a `cluster`, even with `wsHost`.
   * @throws a text, as `pusher-js` does, if an argument is missing or not valid.
   */
  constructor(appKey: string, options: Options) {
    checkOptions(appKey, options);
    super(appKey, options, async () => {
      const { pusherAuthorization } = await import("./authorization.ts");
      const findChannel = (name: string): Channel => this.channel(name);
      const replacement = (): ChannelHandler | undefined =>
        (this.config as { readonly channelAuthorizer?: ChannelHandler }).channelAuthorizer;
      return pusherAuthorization(options, this.user, findChannel, replacement);
    });
    Object.assign(this.connection, { key: appKey });
    Pusher.instances.push(this);
    if (Pusher.isReady) this.connect();
  }

  /** Connects all instances. */
  static ready(): void {
    Pusher.isReady = true;
    for (const instance of Pusher.instances) instance.connect();
  }

  /** The names of the transports that `pusher-js` tells its server about. */
  static getClientFeatures(): string[] {
    return resolveConfig({}).WebSocket ? ["ws"] : [];
  }

  /** The emitter of the client-wide listeners: the client itself. */
  get global_emitter(): this {
    return this;
  }

  /** Joins a channel, now or as soon as there is a connection. Undoes an `unsubscribe` that is still under way. */
  subscribe(name: string): Channel {
    this.channels.find(name)?.reinstateSubscription();
    return this.join(name) as Channel;
  }

  /** Returns the channel with this name; undefined if it is not subscribed to, although the type does not say so. */
  channel(name: string): Channel {
    return this.channels.find(name);
  }

  /** Returns all channels. */
  allChannels(): Channel[] {
    return this.channels.all();
  }

  /** Whether the connection is made with TLS. */
  shouldUseTLS(): boolean {
    return this.config.useTLS;
  }

  /** Connects to another app of another cluster. Channels and bindings stay. */
  switchCluster({ appKey, cluster }: ClusterOptions): void {
    this.key = appKey;
    this.options = { ...this.options, cluster };
    this.config = resolveConfig(this.options);
    Object.assign(this.connection, { key: appKey });
    this.connection.restart();
  }

  override onUnhandledEvent(where: string, event: string): void {
    writeLog(Pusher, "log", `No callbacks on ${where} for ${event}`);
  }

  /** Leaves a channel; as in `pusher-js`, after its subscription has succeeded if that is under way. */
  override unsubscribe(name: string): void {
    const channel = this.channels.find(name);
    if (channel?.subscriptionPending) channel.cancelSubscription();
    else if (channel) super.leave(channel);
  }

  /** `channel.unsubscribe()`: as in `pusher-js`, the channel stays in the list and comes back with the next connection. */
  override leave(channel: LeavableChannel): void {
    channel.stop();
  }

  protected override handle(event: string, data: unknown): void {
    logEvent(Pusher, event, data, this.connection.socket_id);
    // Only client events name their channel beside their data.
    const { channel } = fieldsOf(data);
    if (event === "sent" && channel !== undefined && !this.channels.find(channel as string)?.subscribed) {
      writeLog(Pusher, "warn", "Client event triggered before channel 'subscription_succeeded' event");
    }
    super.handle(event, data);
  }
}

// oxlint-disable-next-line import/no-default-export -- the shape of the pusher-js package
export default Pusher;
// `require("@sealcast/client/pusher-js")` returns the class itself.
export { Pusher as "module.exports" };

export type { Channel, ConnectionManager, Members, PresenceChannel } from "./channel-types.ts";
export type { Runtime } from "./runtime.ts";
export type {
  AuthOptions,
  Authorizer,
  AuthorizerCallback,
  AuthorizerGenerator,
  ChannelAuthorizationCallback,
  ChannelAuthorizationHandler,
  ChannelAuthorizationOptions,
  ChannelAuthorizerGenerator,
  ClusterOptions,
  DeprecatedAuthOptions,
  Options,
  UserAuthenticationCallback,
  UserAuthenticationHandler,
  UserAuthenticationOptions,
} from "./options.ts";
