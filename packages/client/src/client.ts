import { askEndpoint } from "./auth/ask-endpoint.ts";
import type { AskBy, Authorize, JoinRequest } from "./auth/ask-for-channel.ts";
import { createAuthorizer } from "./auth/authorizer.ts";
import type { ChannelGrant } from "./auth/channel-grant.ts";
import { runHandler } from "./auth/run-handler.ts";
import type { Channel } from "./channels/channel.ts";
import { ChannelList } from "./channels/channel-list.ts";
import { createChannel, isEncrypted } from "./channels/create-channel.ts";
import { clearEvents } from "./channels/encrypted-channel.ts";
import type { EncryptionModule } from "./channels/vault.ts";
import { Connection, type ConnectionEvents } from "./connection/connection.ts";
import type { ServerMessage } from "./connection/message.ts";
import { planTransports, transportUrl } from "./connection/transport-plan.ts";
import { openWebSocket } from "./connection/websocket.ts";
import { Emitter, type UnknownEvents } from "./emitter.ts";
import { resolveConfig, type ClientOptions, type Config } from "./options.ts";
import { User, type UserEvents } from "./user.ts";

/** A client of one app: its connection, its channels, its user. Events of all channels arrive here too. */
export class Client<
  Events extends object = UnknownEvents,
  OnConnection extends object = ConnectionEvents,
  OnUser extends object = UserEvents,
> extends Emitter<Events> {
  /** Key of the app. */
  key: string;
  /** Addresses and times in use. */
  config: Config;
  readonly connection: Connection<OnConnection>;
  readonly channels: ChannelList = new ChannelList();
  readonly user: User<OnUser>;
  readonly #authorize: Authorize;
  /** What the client was made with. */
  readonly options: ClientOptions;

  /** @param askBy how to ask the endpoint that authorizes channels. */
  constructor(key: string, options: ClientOptions, askBy: AskBy) {
    super();
    this.key = key;
    this.config = resolveConfig(options);
    this.options = options;
    this.#authorize = createAuthorizer(options.channelAuthorization ?? {}, askBy);
    this.connection = new Connection(this.config.useTLS, {
      settings: { ...this.config, plan: (tls) => planTransports(this.config, tls) },
      open: async (transport, tls, listener) => {
        const url = transportUrl(this.config, this.key, transport, tls);
        const { WebSocket } = this.config;
        if (WebSocket && (transport === "ws" || transport === "wss")) return openWebSocket(WebSocket, url, listener);
        const { openHttpSocket } = await import("./connection/http-socket.ts");
        return openHttpSocket(url, listener, transport === "xhr_streaming");
      },
      hook: (event, data) => this.heard(event, data),
    });
    this.user = new User(this);
  }

  /** Connects, unless that is done or under way. */
  connect(): void {
    this.connection.connect();
  }

  /** Closes the connection. Channels and bindings stay; keys of encrypted channels are forgotten. */
  disconnect(): void {
    this.connection.disconnect();
  }

  /** Joins all channels that are not joined yet: done for you after each connection. */
  subscribeAll(): void {
    for (const { name } of this.channels.all()) this.join(name);
  }

  /** Leaves a channel. Its object gets no more events, and its bindings are not taken over by a later one. */
  unsubscribe(name: string): void {
    const channel = this.channels.find(name);
    if (channel?.subscriptionPending) channel.cancelSubscription();
    else if (channel) {
      delete this.channels.channels[name];
      channel.unsubscribe();
    }
  }

  /** Sends a message of any kind. Returns whether there was a connection to send it on. */
  send_event(event: string, data: unknown, channel?: string): boolean {
    return this.connection.send_event(event, data, channel);
  }

  /** Signs the user in, now and after each reconnection. */
  signin(): void {
    this.user.signin();
  }

  /** Told of events without a listener. For channels alone. */
  heardByNobody(_where: string, _event: string): void {}

  /** For channels alone. */
  authorize(request: JoinRequest): Promise<ChannelGrant> {
    return this.#authorize(request);
  }

  /** For channels alone. */
  async loadCipher(): Promise<EncryptionModule> {
    const { encryption, encryptedClientEvents } = this.options;
    if (encryption) return encryption;
    return encryptedClientEvents ? import("./encryption/index.ts") : import("./encryption/create-vault.ts");
  }

  /** For the user object alone. */
  authenticate(): Promise<unknown> {
    const options = this.options.userAuthentication ?? {};
    const { customHandler, timeoutMs, endpoint = "/pusher/user-auth" } = options;
    const socketId = this.connection.socket_id ?? "";
    return customHandler
      ? runHandler((callback) => customHandler({ socketId }, callback), timeoutMs)
      : askEndpoint("user-authentication", endpoint, options, [["socket_id", socketId]], 3);
  }

  /** Joins a channel, now or as soon as there is a connection. The same name gives the same object, until it is left. */
  protected join(name: string): Channel {
    const channel = (this.channels.channels[name] ??= createChannel(name, this));
    if (channel.subscriptionCancelled) channel.reinstateSubscription();
    else if (this.connection.state === "connected") channel.subscribe();
    return channel;
  }

  /** Hears of everything on the connection before the listeners there do, and of what is `sent`. */
  protected heard(event: string, data: unknown): void {
    if (event === "message") this.#receive(data as ServerMessage);
    else if (event === "connected") this.subscribeAll();
    else if (event === "connecting" || event === "disconnected" || event === "failed") {
      for (const channel of this.channels.all()) channel.disconnect(event !== "connecting");
    } else if (event === "state_change") {
      const { previous, current } = data as ConnectionEvents["state_change"];
      if (current === "connected") this.user.connected();
      else if (previous === "connected") this.user.disconnected();
    }
  }

  #receive(message: ServerMessage): void {
    const { event, channel, data } = message;
    if (channel !== undefined) this.channels.find(channel)?.handleEvent(message);
    this.user.handleEvent(message);
    // An encrypted channel tells the client-wide listeners itself, of what it could open.
    const isSealed = channel !== undefined && isEncrypted(channel) && !clearEvents.includes(event);
    if (!event.startsWith("pusher_internal:") && !isSealed) this.emit(event, data);
  }
}
