import { askOneByOne } from "../auth/ask-for-channel.ts";
import { Client } from "../client.ts";
import type { LooseEvents } from "../emitter.ts";
import { fieldsOf } from "../fields-of.ts";
import { resolveConfig } from "../options.ts";
import type { Anything, Channel, Channels, ConnectionManager, UserFacade } from "./channel-types.ts";
import { authCallbacks, resolveAuthorization } from "./resolve-authorization.ts";
import { checkOptions, type ClusterOptions, type Options } from "./options.ts";
import { logEvent, writeLog } from "./log.ts";
import { runtime, type Runtime } from "./runtime.ts";

/** The client in the exact shape of the `pusher-js` package: its users change the import and nothing else. */
export class Pusher extends Client<LooseEvents, LooseEvents, LooseEvents> {
  /** All instances ever made. */
  static readonly instances: Pusher[] = [];
  /** Whether new instances connect at once. */
  static isReady = true;
  /** Whether to write log entries to the console. */
  static logToConsole = false;
  /** Receives log entries; has priority over the console. */
  static log: (message: Anything) => void;
  static readonly Runtime: Runtime = runtime;
  static readonly ScriptReceivers: object = {};
  static readonly DependenciesReceivers: object = {};
  /** Where answers to JSONP requests arrive. */
  static readonly auth_callbacks: object = authCallbacks;

  declare options: Options;
  declare readonly connection: ConnectionManager;
  declare readonly channels: Channels;
  declare readonly user: UserFacade;
  /** A random number. */
  readonly sessionID: number = Math.floor(Math.random() * 1_000_000_000);

  /** @param options must name a `cluster`, even where `wsHost` is given. Throws texts, as `pusher-js` does. */
  constructor(appKey: string, options: Options) {
    checkOptions(appKey, options);
    super(appKey, { ...options, ...resolveAuthorization(options, (name) => this.channel(name)) }, askOneByOne);
    Pusher.instances.push(this);
    if (Pusher.isReady) this.connect();
  }

  /** Connects all instances. */
  static ready(): void {
    Pusher.isReady = true;
    for (const instance of Pusher.instances) instance.connect();
  }

  /** What tells client-wide listeners: the client itself. */
  get global_emitter(): this {
    return this;
  }

  /** Joins a channel, now or as soon as there is a connection. */
  subscribe(name: string): Channel {
    return this.join(name) as Channel;
  }

  /** The channel with a name; undefined where it was not subscribed to, as `pusher-js` has it, whose type is the same. */
  channel(name: string): Channel {
    return this.channels.find(name);
  }

  /** All channels. */
  allChannels(): Channel[] {
    return this.channels.all();
  }

  /** Whether the connection is made with TLS. */
  shouldUseTLS(): boolean {
    return this.config.useTLS;
  }

  /** Moves to another app of another cluster, and connects; channels and bindings stay. */
  switchCluster({ appKey, cluster }: ClusterOptions): void {
    this.key = appKey;
    this.options = { ...this.options, cluster };
    this.config = resolveConfig(this.options);
    this.connection.restart();
  }

  override heardByNobody(where: string, event: string): void {
    writeLog(Pusher, "log", `No callbacks on ${where} for ${event}`);
  }

  protected override heard(event: string, data: unknown): void {
    logEvent(Pusher, event, data, this.connection.socket_id);
    // Client events alone name their channel beside their data.
    const { channel } = fieldsOf(data);
    if (event === "sent" && channel !== undefined && !this.channel(channel as string).subscribed) {
      writeLog(Pusher, "warn", "Client event triggered before channel 'subscription_succeeded' event");
    }
    super.heard(event, data);
  }
}

// oxlint-disable-next-line import/no-default-export -- the shape of the pusher-js package
export default Pusher;
// `require("@sealcast/client/pusher-js")` gives the class itself.
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
