import { decodeBase64, encodeBase64, sealPayload } from "@sealcast/crypto";
import { isClientEvent, traitsOf } from "@sealcast/protocol";
import type { ChannelHandler, UserHandler } from "../auth/auth-options.ts";
import type { WebSocketClass } from "../connection/websocket.ts";
import { randomBytes } from "../random-bytes.ts";
import type { SealcastOptions } from "../sealcast.ts";
import { fieldsOf, textOf } from "../untrusted.ts";
import { FakeConnection, type ConnectionHandlers, type Direction, type ReceivedMessage } from "./fake-connection.ts";

/** A user of the application. */
export interface FakeUser {
  readonly id: string;
  readonly info?: unknown;
}

/** Options of {@link FakeServer}. */
export interface FakeServerOptions {
  /** `true`: nothing arrives, in either direction, before the test calls `deliver`. Default false. */
  readonly manual?: boolean;
}

/** Why a subscription is refused. */
interface Refusal {
  readonly error: string;
  readonly status: number;
}

/**
 * A server in memory, to test an application without network: it accepts connections, authorizes and subscribes channels of
 * every kind, relays client events, and does what the test asks for.
 *
 * @example
 * const server = new FakeServer();
 * const client = new Sealcast("app-key", server.options({ id: "ada" }));
 * const room = await whenSubscribed(client.subscribe("presence-room"));
 * room.bind("message", (data) => console.log(data));
 * await server.publish("presence-room", "message", { text: "hello" });
 */
export class FakeServer {
  /** Every message that clients have sent, oldest first. */
  readonly received: ReceivedMessage[] = [];
  /** The WebSocket class that connects to this server: the option `WebSocket` of a client. */
  readonly WebSocket: WebSocketClass;
  private readonly connections = new Set<FakeConnection>();
  private readonly refusals = new Map<string, Refusal>();
  private readonly secrets = new Map<string, string>();
  private readonly lastEvents = new Map<string, readonly [event: string, data: unknown]>();
  private readonly queues: Readonly<Record<Direction, (() => void)[]>> = { "to-server": [], "to-client": [] };
  private opened = 0;

  constructor({ manual = false }: FakeServerOptions = {}) {
    const handlers: ConnectionHandlers = {
      opened: (connection) => {
        this.connections.add(connection);
        connection.reply("pusher:connection_established", { socket_id: connection.socketId, activity_timeout: 120 });
      },
      received: (connection, message) => this.receive(connection, message),
      closed: (connection) => {
        this.connections.delete(connection);
        for (const channel of connection.subscriptions.keys()) this.leave(connection, channel);
      },
      transfer: (deliver, direction) => {
        this.queues[direction].push(deliver);
        if (!manual) queueMicrotask(() => this.deliver(direction));
      },
    };
    const nextId = (): string => `1.${(this.opened += 1)}`;
    this.WebSocket = class extends FakeConnection {
      constructor() {
        super(nextId(), handlers);
      }
    };
  }

  /** Returns the options of a client that connects to this server, and whose endpoint authorizes everything for `user`. */
  options(user: FakeUser = { id: "user" }): SealcastOptions {
    const authorize: ChannelHandler = async ({ channelName }) => {
      const { members, encryption } = traitsOf(channelName);
      return {
        auth: "fake:signature",
        ...(members && { channel_data: JSON.stringify({ user_id: user.id, user_info: user.info }) }),
        ...(encryption !== "none" && { shared_secret: this.secretOf(channelName) }),
      };
    };
    const authenticate: UserHandler = async () => ({
      auth: "fake:signature",
      user_data: JSON.stringify({ id: user.id, user_info: user.info }),
    });
    return {
      url: "ws://fake.test",
      WebSocket: this.WebSocket,
      enabledTransports: ["ws"],
      channelAuthorization: { customHandler: authorize },
      userAuthentication: { customHandler: authenticate },
    };
  }

  /** Returns how many connections are subscribed to a channel. */
  subscribers(channel: string): number {
    return [...this.connections].filter(({ subscriptions }) => subscriptions.has(channel)).length;
  }

  /**
   * Publishes an event to all subscribers, encrypted on `private-encrypted-` channels. Resolves when it has arrived; with
   * `manual`, after `deliver`.
   */
  async publish(channel: string, event: string, data: unknown): Promise<void> {
    const { encryption, cached } = traitsOf(channel);
    const secret = encryption === "none" ? undefined : decodeBase64(this.secretOf(channel));
    const sent: unknown = secret ? JSON.parse(sealPayload(secret, randomBytes(24), JSON.stringify(data))) : data;
    if (cached) this.lastEvents.set(channel, [event, sent]);
    this.broadcast(channel, event, sent);
    await Promise.resolve();
  }

  /** Refuses subscriptions to a channel from now on, until `accept` is called. */
  refuse(channel: string, error = "Forbidden", status = 403): void {
    this.refusals.set(channel, { error, status });
  }

  /** Accepts subscriptions to a channel again. */
  accept(channel: string): void {
    this.refusals.delete(channel);
  }

  /** Breaks all connections, as a network does. Clients connect again. */
  cut(): void {
    this.close(1006, "");
  }

  /** Closes all connections with a close code, such as 4200 (reconnect at once) or 4009 (do not reconnect). */
  close(code: number, reason = ""): void {
    for (const connection of this.connections) connection.end(code, reason);
  }

  /** With `manual`: delivers the next message in one direction. Returns whether there was one. */
  deliver(direction: Direction): boolean {
    const next = this.queues[direction].shift();
    next?.();
    return next !== undefined;
  }

  private receive(connection: FakeConnection, message: ReceivedMessage): void {
    this.received.push(message);
    const { event, data, channel } = message;
    const { channel: name, channel_data: channelData, user_data: userData } = fieldsOf(data);
    if (event === "pusher:ping") connection.reply("pusher:pong", {});
    else if (event === "pusher:signin") connection.reply("pusher:signin_success", { user_data: userData });
    else if (event === "pusher:subscribe") {
      this.join(connection, textOf(name), typeof channelData === "string" ? channelData : undefined);
    } else if (event === "pusher:unsubscribe") this.leave(connection, textOf(name));
    else if (isClientEvent(event) && channel !== undefined && connection.subscriptions.has(channel)) {
      this.broadcast(channel, event, data, connection);
    }
  }

  private join(connection: FakeConnection, channel: string, channelData: string | undefined): void {
    const refusal = this.refusals.get(channel);
    if (refusal) return connection.reply("pusher:subscription_error", { type: "AuthError", ...refusal }, channel);
    const member = memberIn(channelData);
    const isNew = member && !this.membersOf(channel).some(({ user_id }) => user_id === member.user_id);
    if (isNew) this.broadcast(channel, "pusher_internal:member_added", member);
    connection.subscriptions.set(channel, channelData);
    const members = this.membersOf(channel);
    const hash = Object.fromEntries(members.map(({ user_id, user_info }) => [user_id, user_info ?? null]));
    const presence = { ids: Object.keys(hash), hash, count: Object.keys(hash).length };
    connection.reply("pusher_internal:subscription_succeeded", member ? { presence } : {}, channel);
    if (!traitsOf(channel).cached) return;
    const [event, data] = this.lastEvents.get(channel) ?? ["pusher:cache_miss", {}];
    connection.reply(event, data, channel);
  }

  private leave(connection: FakeConnection, channel: string): void {
    const member = memberIn(connection.subscriptions.get(channel));
    connection.subscriptions.delete(channel);
    if (!member || this.membersOf(channel).some(({ user_id }) => user_id === member.user_id)) return;
    this.broadcast(channel, "pusher_internal:member_removed", { user_id: member.user_id });
  }

  private membersOf(channel: string): ChannelMember[] {
    return [...this.connections].flatMap(({ subscriptions }) => memberIn(subscriptions.get(channel)) ?? []);
  }

  private broadcast(channel: string, event: string, data: unknown, sender?: FakeConnection): void {
    const userId = memberIn(sender?.subscriptions.get(channel))?.user_id;
    for (const connection of this.connections) {
      if (connection !== sender && connection.subscriptions.has(channel))
        connection.reply(event, data, channel, userId);
    }
  }

  private secretOf(channel: string): string {
    const secret = this.secrets.get(channel) ?? encodeBase64(randomBytes(32));
    this.secrets.set(channel, secret);
    return secret;
  }
}

interface ChannelMember {
  readonly user_id: string;
  readonly user_info?: unknown;
}

function memberIn(channelData: string | undefined): ChannelMember | undefined {
  return channelData === undefined ? undefined : (JSON.parse(channelData) as ChannelMember);
}
