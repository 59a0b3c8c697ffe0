import {
  closeReasons,
  encodeServerMessage,
  type AppId,
  type ChannelName,
  type SocketId,
  type UserId,
} from "@sealcast/protocol";
import { inBackground } from "../core/awaitable.ts";
import { errorLocation } from "../core/errors/error-location.ts";
import { inTurns, type Turns } from "../core/turns.ts";
import type { Delivery, Position } from "../ports/broker.ts";
import type { Observer } from "../ports/observer.ts";
import type { Link, Topic, Transport } from "../ports/transport.ts";
import type { HeldDeliveries } from "./held-deliveries.ts";
import type { LocalConnection } from "./local-connection.ts";

/** The local connections of one app. */
interface AppConnections {
  readonly topics: Map<ChannelName, Topic>;
  /** The connections that asked for positions. */
  readonly followers: Map<ChannelName, Topic>;
  /** Deliveries that wait for new subscribers that have not yet said which events they missed. */
  readonly holds: Map<ChannelName, Map<LocalConnection, HeldDeliveries>>;
  /** Position of the last kept event of each channel with subscribers. */
  readonly positions: Map<ChannelName, Position>;
  readonly byUser: Map<UserId, Set<LocalConnection>>;
  /** Connections that count towards the app's quota. */
  counted: number;
}

/** The connections of this node, by app, channel and user. Passes on to them what the engine delivers. */
export class Hub {
  readonly #transport: Pick<Transport, "createTopic">;
  readonly #observer: Observer;
  readonly #turns: Turns;
  readonly #apps = new Map<AppId, AppConnections>();
  readonly #connections = new Map<SocketId, LocalConnection>();

  constructor(transport: Pick<Transport, "createTopic">, observer: Observer, turns: Turns) {
    this.#transport = transport;
    this.#observer = observer;
    this.#turns = turns;
  }

  /** Every connection of this node. */
  get connections(): ReadonlyMap<SocketId, LocalConnection> {
    return this.#connections;
  }

  add(connection: LocalConnection): void {
    this.#connections.set(connection.socketId, connection);
  }

  remove(connection: LocalConnection): void {
    this.#connections.delete(connection.socketId);
  }

  /** Connections that count towards an app's quota. */
  connectionsOf(app: AppId): number {
    return this.#apps.get(app)?.counted ?? 0;
  }

  /** Channels of an app with subscribers on this node. */
  channelsOf(app: AppId): number {
    return this.#apps.get(app)?.topics.size ?? 0;
  }

  /** Counts a connection towards its app's quota. */
  count(app: AppId): void {
    this.#app(app).counted += 1;
  }

  uncount(app: AppId): void {
    this.#app(app).counted -= 1;
  }

  subscribe(connection: LocalConnection, channel: ChannelName): void {
    this.#topic(this.#app(connection.app.id).topics, channel, `${connection.app.id}/${channel}`).add(connection.link);
  }

  unsubscribe(connection: LocalConnection, channel: ChannelName): void {
    const { topics, followers, positions } = this.#app(connection.app.id);
    removeLink(topics, channel, connection.link);
    removeLink(followers, channel, connection.link);
    this.release(connection, channel);
    if (!topics.has(channel)) positions.delete(channel);
  }

  /** Collects what is delivered on a channel for a connection that does not get it yet. */
  hold(connection: LocalConnection, channel: ChannelName, held: HeldDeliveries): void {
    const { holds } = this.#app(connection.app.id);
    const known = holds.get(channel);
    if (known === undefined) holds.set(channel, new Map([[connection, held]]));
    else known.set(connection, held);
  }

  /** The reverse of `hold`. */
  release(connection: LocalConnection, channel: ChannelName): void {
    const { holds } = this.#app(connection.app.id);
    const known = holds.get(channel);
    if (known?.delete(connection) === true && known.size === 0) holds.delete(channel);
  }

  /** Sends a connection the position of each further event of a channel. */
  follow(connection: LocalConnection, channel: ChannelName): void {
    const { followers } = this.#app(connection.app.id);
    this.#topic(followers, channel, `${connection.app.id}/${channel} positions`).add(connection.link);
  }

  /** Position of the last kept event that was delivered here. */
  positionOf(app: AppId, channel: ChannelName): Position | undefined {
    return this.#apps.get(app)?.positions.get(channel);
  }

  addUser(connection: LocalConnection, userId: UserId): void {
    addTo(this.#app(connection.app.id).byUser, userId, connection);
  }

  removeUser(connection: LocalConnection, userId: UserId): void {
    removeFrom(this.#app(connection.app.id).byUser, userId, connection);
  }

  deliver(app: AppId, delivery: Delivery): void {
    const { channel, message, position } = delivery;
    const connections = this.#apps.get(app);
    const topic = connections?.topics.get(channel);
    const holds = connections?.holds.get(channel);
    if (topic === undefined && holds === undefined) return;
    const except = delivery.except === undefined ? undefined : this.#connections.get(delivery.except);
    topic?.publish(message, except?.link);
    if (position !== undefined) this.#positioned(app, channel, position, undefined);
    // This comes last: if a queue is full, its connection joins the topic now.
    if (holds !== undefined) for (const held of holds.values()) held.add(delivery);
    if (!this.#observer.wants("delivered")) return;
    const receivers = (topic?.size ?? 0) - (except?.memberships.has(channel) === true ? 1 : 0);
    this.#observer.observe({ kind: "delivered", app, channel, connections: receivers, length: message.length });
  }

  /** Closes the local connections of a user. */
  terminate(app: AppId, userId: UserId): void {
    const connections = this.#apps.get(app)?.byUser.get(userId);
    if (connections === undefined) return;
    // A copy: those that sign in while turns pass stay.
    const closed = inTurns(this.#turns, [...connections], (connection) =>
      connection.close(closeReasons.userTerminated),
    );
    inBackground(closed, (error) => {
      const where = errorLocation(error);
      this.#observer.observe({ kind: "connection-failed", app, socketId: undefined, where });
    });
  }

  /** Events of a channel were missed here: tells the connections that asked for positions. */
  missed(app: AppId, channel: ChannelName, last: Position | undefined): void {
    this.#positioned(app, channel, last, false);
  }

  #positioned(app: AppId, channel: ChannelName, position: Position | undefined, recovered: false | undefined): void {
    const { followers, positions } = this.#app(app);
    if (position === undefined) positions.delete(channel);
    else positions.set(channel, position);
    const message = { kind: "position", channel, position, recovered } as const;
    followers.get(channel)?.publish(encodeServerMessage(message), undefined);
  }

  #topic(topics: Map<ChannelName, Topic>, channel: ChannelName, name: string): Topic {
    let topic = topics.get(channel);
    if (topic === undefined) {
      topic = this.#transport.createTopic(name);
      topics.set(channel, topic);
    }
    return topic;
  }

  #app(id: AppId): AppConnections {
    let connections = this.#apps.get(id);
    if (connections === undefined) {
      connections = {
        topics: new Map(),
        followers: new Map(),
        holds: new Map(),
        positions: new Map(),
        byUser: new Map(),
        counted: 0,
      };
      this.#apps.set(id, connections);
    }
    return connections;
  }
}

function removeLink(topics: Map<ChannelName, Topic>, channel: ChannelName, link: Link): void {
  const topic = topics.get(channel);
  topic?.remove(link);
  if (topic?.size === 0) topics.delete(channel);
}

function addTo<K, V>(sets: Map<K, Set<V>>, key: K, value: V): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([value]));
  else set.add(value);
}

function removeFrom<K, V>(sets: Map<K, Set<V>>, key: K, value: V): void {
  const set = sets.get(key);
  if (set?.delete(value) === true && set.size === 0) sets.delete(key);
}
