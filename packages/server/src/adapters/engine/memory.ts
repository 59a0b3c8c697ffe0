import { PresenceRoster, traitsOf, type AppId, type ChannelName, type SocketId, type UserId } from "@sealcast/protocol";
import type { Clock } from "../../ports/clock.ts";
import type {
  CachedEvent,
  ChannelSummary,
  Engine,
  EngineEvents,
  Joined,
  Joining,
  Left,
  Publication,
} from "../../ports/engine.ts";
import { memberAdded, memberRemoved } from "./announcement.ts";
import { EventCache } from "./event-cache.ts";

interface Channel {
  readonly sockets: Set<SocketId>;
  /** On presence channels. */
  readonly roster: PresenceRoster | undefined;
}

interface AppState {
  readonly channels: Map<ChannelName, Channel>;
  readonly cache: EventCache;
  readonly users: Map<UserId, Set<SocketId>>;
}

/** How often events whose time is over are thrown out of the cache, in milliseconds. Reads never see them in between. */
const cacheSweepMs = 60_000;
/** Most characters that the kept events of one app may hold together: some 3,000 events of the official size. */
const maxCacheLength = 64 * 1_024 * 1_024;

/** The engine of a single node: everything in this process, every answer at once. */
export class MemoryEngine implements Engine {
  readonly #clock: Clock;
  readonly #apps = new Map<AppId, AppState>();
  #events: EngineEvents | undefined;
  #stopSweep: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  start(events: EngineEvents): void {
    this.#events = events;
    this.#stopSweep = this.#clock.every(cacheSweepMs, () => this.#sweepCache());
  }

  publish(app: AppId, publications: readonly Publication[]): void {
    for (const publication of publications) {
      if (publication.cache !== undefined) this.#app(app).cache.set(publication.channel, publication.cache);
      this.#events?.deliver(app, publication);
    }
  }

  join({ app, channel: name, socketId, member, maxMembers }: Joining): Joined {
    const state = this.#app(app);
    const known = state.channels.get(name);
    const channel = known ?? { sockets: new Set(), roster: member === undefined ? undefined : new PresenceRoster() };
    const { roster, sockets } = channel;
    if (member !== undefined && roster !== undefined) {
      if (roster.userCount >= maxMembers && !roster.has(member.userId)) return "full";
    }
    if (known === undefined) state.channels.set(name, channel);
    sockets.add(socketId);
    const isNewMember = member !== undefined && roster?.join(socketId, member) === true;
    if (isNewMember) this.#events?.deliver(app, memberAdded(name, member, socketId));
    return {
      subscriptions: sockets.size,
      occupied: known === undefined,
      memberAdded: isNewMember,
      roster: roster?.snapshot(),
      cached: this.cached(app, name),
    };
  }

  leave(app: AppId, name: ChannelName, socketId: SocketId, userId: string | undefined): Left {
    const channels = this.#app(app).channels;
    const channel = channels.get(name);
    if (channel === undefined || !channel.sockets.delete(socketId)) {
      return { subscriptions: channel?.sockets.size ?? 0, vacated: false, memberRemoved: false };
    }
    const vacated = channel.sockets.size === 0;
    if (vacated) channels.delete(name);
    const wasLast = userId !== undefined && channel.roster?.leave(socketId, userId) === true;
    if (wasLast) this.#events?.deliver(app, memberRemoved(name, userId));
    return { subscriptions: channel.sockets.size, vacated, memberRemoved: wasLast };
  }

  signIn(app: AppId, userId: UserId, socketId: SocketId): void {
    const { users } = this.#app(app);
    const sockets = users.get(userId);
    if (sockets !== undefined) {
      sockets.add(socketId);
      return;
    }
    users.set(userId, new Set([socketId]));
    this.#events?.userChanged(app, userId, true);
  }

  signOut(app: AppId, userId: UserId, socketId: SocketId): void {
    const { users } = this.#app(app);
    const sockets = users.get(userId);
    if (sockets === undefined || !sockets.delete(socketId) || sockets.size > 0) return;
    users.delete(userId);
    this.#events?.userChanged(app, userId, false);
  }

  online(app: AppId, userIds: readonly string[]): ReadonlySet<string> {
    const users: ReadonlyMap<string, unknown> = this.#app(app).users;
    return new Set(userIds.filter((id) => users.has(id)));
  }

  terminate(app: AppId, userId: UserId): void {
    this.#events?.terminate(app, userId);
  }

  channels(app: AppId, prefix: string): readonly ChannelSummary[] {
    const found: ChannelSummary[] = [];
    for (const [name, channel] of this.#app(app).channels) {
      if (name.startsWith(prefix) && traitsOf(name).auth !== "owner") found.push(summary(name, channel));
    }
    return found;
  }

  channel(app: AppId, name: ChannelName): ChannelSummary {
    return summary(name, this.#app(app).channels.get(name));
  }

  users(app: AppId, name: ChannelName): readonly string[] {
    return this.#app(app).channels.get(name)?.roster?.userIds() ?? [];
  }

  cached(app: AppId, name: ChannelName): CachedEvent | undefined {
    return this.#app(app).cache.get(name, this.#clock.now());
  }

  close(): void {
    this.#stopSweep?.();
    this.#apps.clear();
  }

  #app(id: AppId): AppState {
    let state = this.#apps.get(id);
    if (state === undefined) {
      state = { channels: new Map(), cache: new EventCache(maxCacheLength), users: new Map() };
      this.#apps.set(id, state);
    }
    return state;
  }

  #sweepCache(): void {
    const now = this.#clock.now();
    for (const { cache } of this.#apps.values()) cache.sweep(now);
  }
}

function summary(channel: ChannelName, state: Channel | undefined): ChannelSummary {
  return { channel, subscriptions: state?.sockets.size ?? 0, users: state?.roster?.userCount ?? 0 };
}
