import type { Authorization } from "./auth/authorization.ts";
import type { ChannelGrant } from "./auth/channel-grant.ts";
import type { ChannelRequest } from "./auth/channel-request.ts";
import type { UserGrant } from "./channels/user-channel-host.ts";
import type { Channel } from "./channels/channel.ts";
import type { ChannelHost, LeavableChannel } from "./channels/channel-host.ts";
import { ChannelList } from "./channels/channel-list.ts";
import { createChannel } from "./channels/create-channel.ts";
import type { EncryptionModule } from "./channels/event-decryptor.ts";
import { traitsOf, type Encryption } from "@sealcast/protocol";
import { Connection, type ConnectionEvents } from "./connection/connection.ts";
import type { ServerMessage } from "./connection/message.ts";
import { planTransports, serverAddress, transportUrl } from "./connection/transport-plan.ts";
import { openWebSocket } from "./connection/websocket.ts";
import { Emitter, type UnknownEvents } from "./emitter.ts";
import { loadOnce } from "./load-once.ts";
import { resolveConfig, type ClientOptions, type Config } from "./options.ts";
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
  private readonly authorization: () => Promise<Authorization>;

  /** @param loadAuthorization loads what asks the application's server for permissions. */
  constructor(key: string, options: ClientOptions, loadAuthorization: () => Promise<Authorization>) {
    super();
    this.key = key;
    this.config = resolveConfig(options);
    this.options = options;
    this.authorization = loadOnce("authorization", loadAuthorization);
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
  async authorize(request: ChannelRequest): Promise<ChannelGrant> {
    const { authorizeChannel } = await this.authorization();
    return authorizeChannel(request);
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
  loadCipher(scheme: Encryption): Promise<EncryptionModule> {
    const { encryption, encryptedClientEvents } = this.options;
    return loadOnce("cipher", async (): Promise<EncryptionModule> => {
      if (scheme === "sealed") return import("./sealed/create-decryptor.ts");
      if (encryption) return encryption;
      return encryptedClientEvents ? import("./encryption/index.ts") : import("./encryption/create-decryptor.ts");
    })();
  }

  /** For the user object only. */
  async authenticate(): Promise<UserGrant> {
    const { socket_id: socketId = "" } = this.connection;
    const { authenticateUser } = await this.authorization();
    return authenticateUser(socketId);
  }

  /** Joins a channel, now or as soon as there is a connection. Returns the same object until the channel is left. */
  protected join(name: string): Channel {
    const channel = (this.channels.channels[name] ??= createChannel(name, this));
    if (this.connection.state === "connected") channel.subscribe();
    // What cannot be loaded now is loaded, or reported, by the subscription.
    else if (traitsOf(name).auth === "signature") this.authorization().catch(() => {});
    return channel;
  }

  /** Handles every event of the connection before its listeners do, and every message that is `sent`. */
  protected handle(event: string, data: unknown): void {
    if (event === "message") this.receive(data as ServerMessage);
    else if (event === "connected") this.subscribeAll();
    else if (event === "connecting" || event === "disconnected" || event === "failed") {
      this.channels.connectionEnded();
      const permanently = event !== "connecting";
      for (const channel of this.channels.all()) channel.disconnect(permanently);
      this.user.connectionEnded(permanently);
    } else if (event === "state_change") {
      const { previous, current } = data as ConnectionEvents["state_change"];
      if (current === "connected") this.user.connected();
      else if (previous === "connected") this.user.disconnected();
    }
  }

  private receive(message: ServerMessage): void {
    const { event, channel, data } = message;
    const isHandled = channel !== undefined && this.channels.handleEvent({ ...message, channel });
    const isOfUser = this.user.handleEvent(message);
    if (!isHandled && !isOfUser && !event.startsWith("pusher_internal:")) this.emit(event, data);
  }
}
