import {
  closeReasons,
  encodeServerMessage,
  type AppId,
  type ChannelName,
  type SocketId,
  type UserId,
} from "@sealcast/protocol";
import type { Delivery } from "../ports/broker.ts";
import type { NodeMessage } from "../ports/node-link.ts";
import type { Observer } from "../ports/observer.ts";
import { outgoing, type Topic, type Transport } from "../ports/transport.ts";
import type { Session } from "./session.ts";

/** The local connections of one app. */
interface AppSessions {
  readonly topics: Map<ChannelName, Topic>;
  readonly byUser: Map<UserId, Set<Session>>;
  readonly watchers: Map<string, Set<Session>>;
  /** Connections that count towards the app's quota. */
  counted: number;
}

/** The connections of this node, by app, channel and user; hands them what the engine delivers. */
export class Hub {
  readonly #transport: Pick<Transport, "createTopic">;
  readonly #observer: Observer;
  readonly #apps = new Map<AppId, AppSessions>();
  readonly #sessions = new Map<SocketId, Session>();

  constructor(transport: Pick<Transport, "createTopic">, observer: Observer) {
    this.#transport = transport;
    this.#observer = observer;
  }

  /** Every connection of this node. */
  get sessions(): ReadonlyMap<SocketId, Session> {
    return this.#sessions;
  }

  add(session: Session): void {
    this.#sessions.set(session.socketId, session);
  }

  remove(session: Session): void {
    this.#sessions.delete(session.socketId);
  }

  /** Counts a connection towards its app's quota; false when the quota is used up. 0 is no quota. */
  count(app: AppId, quota: number): boolean {
    const sessions = this.#app(app);
    if (quota > 0 && sessions.counted >= quota) return false;
    sessions.counted += 1;
    return true;
  }

  uncount(app: AppId): void {
    this.#app(app).counted -= 1;
  }

  subscribe(session: Session, channel: ChannelName): void {
    const { topics } = this.#app(session.app.id);
    let topic = topics.get(channel);
    if (topic === undefined) {
      topic = this.#transport.createTopic(`${session.app.id}/${channel}`);
      topics.set(channel, topic);
    }
    topic.add(session.link);
  }

  unsubscribe(session: Session, channel: ChannelName): void {
    const { topics } = this.#app(session.app.id);
    const topic = topics.get(channel);
    topic?.remove(session.link);
    if (topic?.size === 0) topics.delete(channel);
  }

  addUser(session: Session, userId: UserId): void {
    addTo(this.#app(session.app.id).byUser, userId, session);
  }

  removeUser(session: Session, userId: UserId): void {
    removeFrom(this.#app(session.app.id).byUser, userId, session);
  }

  watch(session: Session, userIds: readonly string[]): void {
    for (const userId of userIds) addTo(this.#app(session.app.id).watchers, userId, session);
  }

  unwatch(session: Session, userIds: readonly string[]): void {
    for (const userId of userIds) removeFrom(this.#app(session.app.id).watchers, userId, session);
  }

  deliver(app: AppId, delivery: Delivery): void {
    const topic = this.#apps.get(app)?.topics.get(delivery.channel);
    if (topic === undefined) return;
    const except = delivery.except === undefined ? undefined : this.#sessions.get(delivery.except);
    topic.publish(outgoing(delivery.message), except?.link);
    if (!this.#observer.wants("delivered")) return;
    const { channel, message } = delivery;
    const connections = topic.size - (except?.subscriptions.has(channel) === true ? 1 : 0);
    this.#observer.observe({ kind: "delivered", app, channel, connections, length: message.length });
  }

  userChanged(app: AppId, userId: UserId, online: boolean): void {
    const watchers = this.#apps.get(app)?.watchers.get(userId);
    if (watchers === undefined) return;
    const change = { name: online ? "online" : "offline", userIds: [userId] } as const;
    const message = outgoing(encodeServerMessage({ kind: "watchlist-events", events: [change] }));
    for (const session of watchers) session.link.send(message);
  }

  told(message: NodeMessage): void {
    switch (message.kind) {
      case "terminate-user":
        this.#terminate(message.app, message.userId);
    }
  }

  #terminate(app: AppId, userId: UserId): void {
    const sessions = this.#apps.get(app)?.byUser.get(userId);
    if (sessions === undefined) return;
    for (const session of sessions) session.close(closeReasons.userTerminated);
  }

  #app(id: AppId): AppSessions {
    let sessions = this.#apps.get(id);
    if (sessions === undefined) {
      sessions = { topics: new Map(), byUser: new Map(), watchers: new Map(), counted: 0 };
      this.#apps.set(id, sessions);
    }
    return sessions;
  }
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
