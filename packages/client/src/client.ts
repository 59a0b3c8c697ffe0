import { askEndpoint } from "./auth/ask-endpoint.ts";
import { createAuthorizer } from "./auth/authorizer.ts";
import type { ChannelGrant } from "./auth/channel-grant.ts";
import type { Authorize, AuthorizeBy, ChannelRequest } from "./auth/channel-request.ts";
import { runHandler } from "./auth/run-handler.ts";
import type { Channel } from "./channels/channel.ts";
import type { ChannelHost, LeavableChannel } from "./channels/channel-host.ts";
import { ChannelList } from "./channels/channel-list.ts";
import { createChannel } from "./channels/create-channel.ts";
import type { EncryptionModule } from "./channels/event-decryptor.ts";
import type { Encryption } from "@sealcast/protocol";
import { Connection, type ConnectionEvents } from "./connection/connection.ts";
import type { ServerMessage } from "./connection/message.ts";
import { planTransports, serverAddress, transportUrl } from "./connection/transport-plan.ts";
import { openWebSocket } from "./connection/websocket.ts";
import { Emitter, type UnknownEvents } from "./emitter.ts";
import { resolveConfig, type ClientOptions, type Config } from "./options.ts";
import { textOf } from "./untrusted.ts";
import { User, type UserEvents } from "./user.ts";

/** A client of one app: its connection, its channels, its user. Events of all channels arrive here, too. */
export class Client<
  Events extends object = UnknownEvents,
  OnConnection extends object = ConnectionEvents,
  OnUser extends object = UserEvents,
>
  extends Emitter<Events>
  implements ChannelHost
{
  /** Key of the app. */
  key: string;
  /** Addresses and times in use. */
  config: Config;
  readonly connection: Connection<OnConnection>;
  readonly channels: ChannelList = new ChannelList();
  readonly user: User<OnUser>;
  /** The options that the client was created with. */
  readonly options: ClientOptions;
  private readonly authorizeChannel: Authorize;

  /** @param authorizeBy how to ask the endpoint that authorizes channels. */
  constructor(key: string, options: ClientOptions, authorizeBy: AuthorizeBy) {
    super();
    this.key = key;
    this.config = resolveConfig(options);
    this.options = options;
    this.authorizeChannel = createAuthorizer(options.channelAuthorization ?? {}, authorizeBy);
    this.connection = new Connection(this.config.useTLS, {
      settings: { ...this.config, plan: (tls) => planTransports(this.config, tls) },
      open: async (transport, tls, listener) => {
        const url = transportUrl(this.config, this.key, transport, tls);
        const { WebSocket } = this.config;
        if (WebSocket && (transport === "ws" || transport === "wss")) return openWebSocket(WebSocket, url, listener);
        const { openHttpSocket } = await import("./connection/http-socket.ts");
        return openHttpSocket(url, listener, transport === "xhr_streaming");
      },
      address: (tls) => serverAddress(this.config, tls),
      hook: (event, data) => this.handle(event, data),
    });
    this.user = new User(this);
  }

  /** Connects. Does nothing if that is done or under way. */
  connect(): void {
    this.connection.connect();
  }

  /** Closes the connection. Channels and bindings stay; keys of encrypted channels are forgotten. */
  disconnect(): void {
    this.connection.disconnect();
  }

  /** Joins all channels that are not joined yet. The client calls it after each connection. */
  subscribeAll(): void {
    for (const { name } of this.channels.all()) this.join(name);
  }

  /**
   * Leaves a channel at once, even if its subscription is under way. Its object receives no more events; a later
   * subscription has a new object, without the bindings of this one.
   */
  unsubscribe(name: string): void {
    this.channels.find(name)?.unsubscribe();
  }

  /** Sends a message of any kind. Returns whether there was a connection to send it on. */
  send_event(event: string, data: unknown, channel?: string): boolean {
    return this.connection.send_event(event, data, channel);
  }

  /** Signs the user in, now and after each reconnection. */
  signin(): void {
    this.user.signin();
  }

  /** An event has no listener. For channels only. */
  onUnhandledEvent(_where: string, _event: string): void {}

  /** For channels only. */
  authorize(request: ChannelRequest): Promise<ChannelGrant> {
    return this.authorizeChannel(request);
  }

  /** For channels only. */
  leave(channel: LeavableChannel): void {
    // Compared by its signal: the object may be a proxy of the one in the list.
    if (this.channels.find(channel.name)?.left === channel.left) delete this.channels.channels[channel.name];
    channel.end();
  }

  /** For channels only. */
  subscriptionEnded(name: string, unanswered: boolean): void {
    this.channels.ended(name, unanswered);
  }

  /** For channels only. */
  memberId(userId: unknown): string | undefined {
    return textOf(userId) || undefined;
  }

  /** For channels only. */
  async loadCipher(scheme: Encryption): Promise<EncryptionModule> {
    if (scheme === "sealed") return import("./sealed/create-decryptor.ts");
    const { encryption, encryptedClientEvents } = this.options;
    if (encryption) return encryption;
    return encryptedClientEvents ? import("./encryption/index.ts") : import("./encryption/create-decryptor.ts");
  }

  /** For the user object only. */
  authenticate(): Promise<unknown> {
    const options = this.options.userAuthentication ?? {};
    const { customHandler, timeoutMs, endpoint = "/pusher/user-auth" } = options;
    const socketId = this.connection.socket_id ?? "";
    return customHandler
      ? runHandler((callback) => customHandler({ socketId }, callback), timeoutMs)
      : askEndpoint("user-authentication", endpoint, options, [["socket_id", socketId]], 3);
  }

  /** Joins a channel, now or as soon as there is a connection. Returns the same object until the channel is left. */
  protected join(name: string): Channel {
    const channel = (this.channels.channels[name] ??= createChannel(name, this));
    if (this.connection.state === "connected") channel.subscribe();
    return channel;
  }

  /** Handles every event of the connection before its listeners do, and every message that is `sent`. */
  protected handle(event: string, data: unknown): void {
    if (event === "message") this.receive(data as ServerMessage);
    else if (event === "connected") this.subscribeAll();
    else if (event === "connecting" || event === "disconnected" || event === "failed") {
      this.channels.connectionEnded();
      for (const channel of this.channels.all()) channel.disconnect(event !== "connecting");
    } else if (event === "state_change") {
      const { previous, current } = data as ConnectionEvents["state_change"];
      if (current === "connected") this.user.connected();
      else if (previous === "connected") this.user.disconnected();
    }
  }

  private receive(message: ServerMessage): void {
    const { event, channel, data } = message;
    const isHandled = channel !== undefined && this.channels.handleEvent({ ...message, channel });
    this.user.handleEvent(message);
    if (!isHandled && !event.startsWith("pusher_internal:")) this.emit(event, data);
  }
}
