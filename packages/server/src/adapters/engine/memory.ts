import { PresenceRoster, traitsOf, type AppId, type ChannelName, type SocketId, type UserId } from "@sealcast/protocol";
import { andThen, type Awaitable } from "../../core/awaitable.ts";
import type { OccupancyFact } from "../../core/channels/occupancy-fact.ts";
import { inTurns, oneAtATime, oneTurn, type Turns } from "../../core/turns.ts";
import type { History, HistoryQuery, Position, Publication, PublishRate } from "../../ports/broker.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Engine, EngineEvents } from "../../ports/engine.ts";
import type { NodeMessage } from "../../ports/node-link.ts";
import type { ChannelSummary, Entry, Joining, JoinOutcome } from "../../ports/occupancy.ts";
import type { Random } from "../../ports/random.ts";
import { EventHistory, type HistoryBudget } from "./event-history.ts";
import { PublishRates } from "./publish-rates.ts";
import { RecentPublications } from "./recent-publications.ts";

interface Channel {
  readonly sockets: Set<SocketId>;
  /** On presence channels. */
  readonly presence: { readonly roster: PresenceRoster; readonly departures: Map<string, string> } | undefined;
}

interface AppState {
  readonly channels: Map<ChannelName, Channel>;
  readonly users: Map<UserId, Set<SocketId>>;
  /** Connections that count towards the app's quota. */
  admitted: number;
}

/** How often expired events are removed from memory, in milliseconds. Reads never return them. */
const sweepMs = 60_000;
const pageSize = 1_000;
const noPositions: readonly Position[] = [];
const defaultBudget: HistoryBudget = { perApp: 64 * 1_024 * 1_024, total: 256 * 1_024 * 1_024 };

/** The engine of a single node: everything in this process, every answer at once. */
export class MemoryEngine implements Engine {
  readonly #clock: Clock;
  readonly #turns: Turns;
  readonly #history: EventHistory;
  readonly #recent: RecentPublications;
  readonly #rates: PublishRates;
  readonly #apps = new Map<AppId, AppState>();
  #events: EngineEvents | undefined;
  #stopSweep: (() => void) | undefined;

  /**
   * @param random where epochs come from.
   * @param turns turns of the event loop, over which long work is spread.
   */
  constructor(clock: Clock, random: Random, turns: Turns = oneTurn, budget: HistoryBudget = defaultBudget) {
    this.#clock = clock;
    this.#turns = turns;
    this.#recent = new RecentPublications(clock);
    this.#rates = new PublishRates(clock);
    this.#history = new EventHistory(clock, budget, createEpochs(random));
  }

  start(events: EngineEvents): void {
    this.#events = events;
    this.#stopSweep = this.#clock.every(
      sweepMs,
      oneAtATime(() => this.#history.sweep(this.#turns)),
    );
  }

  publish(app: AppId, publications: readonly Publication[]): Awaitable<readonly (Position | undefined)[]> {
    if (!publications.some(({ keep, id }) => keep !== undefined || id !== undefined)) {
      const delivered = inTurns(this.#turns, publications, (one) => this.#deliver(app, one, undefined));
      return andThen(delivered, () => noPositions);
    }
    const positions: (Position | undefined)[] = [];
    const published = inTurns(this.#turns, publications, (one) =>
      positions.push(this.#recent.once(app, one, () => this.#publishNow(app, one))),
    );
    return andThen(published, () => positions);
  }

  publishWithin(
    app: AppId,
    publications: readonly Publication[],
    rate: PublishRate,
  ): Awaitable<readonly (Position | undefined)[] | "too-many"> {
    return this.#rates.take(app, rate) ? this.publish(app, publications) : "too-many";
  }

  publishOnce(app: AppId, publication: Publication): boolean {
    let isNew = false;
    this.#recent.once(app, publication, () => {
      isNew = true;
      return this.#publishNow(app, publication);
    });
    return isNew;
  }

  history(app: AppId, channel: ChannelName, query: HistoryQuery): History {
    return this.#history.read(app, channel, query);
  }

  join(joining: Joining, enter: (entry: Entry) => boolean): JoinOutcome {
    const { app, channel: name, socketId, presence } = joining;
    const { channels } = this.#app(app);
    const known = channels.get(name);
    if (presence !== undefined && known !== undefined && isFull(known, presence.member.userId, presence.maxMembers)) {
      return "full";
    }
    const channel = known ?? createChannel(presence !== undefined);
    if (known === undefined) channels.set(name, channel);
    channel.sockets.add(socketId);
    const isNewMember = presence !== undefined && channel.presence?.roster.join(socketId, presence.member) === true;
    const entered = enter({
      subscriptions: channel.sockets.size,
      roster: channel.presence?.roster.snapshot(),
      history: joining.history === undefined ? undefined : this.history(app, name, joining.history),
    });
    if (!entered) {
      this.#remove(app, name, channel, socketId, presence?.member.userId);
      return "left";
    }
    if (known === undefined) this.#changed(app, { kind: "occupied", channel: name });
    if (isNewMember) {
      const { member, arrival, departure } = presence;
      channel.presence?.departures.set(member.userId, departure);
      this.#announce(app, name, arrival, socketId);
      this.#changed(app, { kind: "member-added", channel: name, userId: member.userId });
    }
    this.#changed(app, { kind: "subscription-count", channel: name, count: channel.sockets.size });
    return "entered";
  }

  leave(app: AppId, name: ChannelName, socketId: SocketId, userId: string | undefined): void {
    const channel = this.#app(app).channels.get(name);
    if (channel?.sockets.has(socketId) !== true) return;
    const wasLastOfUser = this.#remove(app, name, channel, socketId, userId);
    if (wasLastOfUser && userId !== undefined) {
      const departure = channel.presence?.departures.get(userId);
      channel.presence?.departures.delete(userId);
      if (departure !== undefined) this.#announce(app, name, departure, undefined);
      this.#changed(app, { kind: "member-removed", channel: name, userId });
    }
    this.#changed(app, { kind: "subscription-count", channel: name, count: channel.sockets.size });
    if (channel.sockets.size === 0) this.#changed(app, { kind: "vacated", channel: name });
  }

  async *channels(app: AppId, prefix: string): AsyncGenerator<readonly ChannelSummary[]> {
    let page: ChannelSummary[] = [];
    let scanned = 0;
    for (const [name, channel] of this.#app(app).channels) {
      if (name.startsWith(prefix) && traitsOf(name).auth !== "owner") page.push(summary(name, channel));
      scanned += 1;
      if (scanned % pageSize > 0) continue;
      yield page;
      page = [];
      // An app may have very many channels.
      await this.#turns.next();
    }
    yield page;
  }

  channel(app: AppId, name: ChannelName): ChannelSummary {
    return summary(name, this.#app(app).channels.get(name));
  }

  members(app: AppId, name: ChannelName): readonly string[] {
    return this.#app(app).channels.get(name)?.presence?.roster.userIds() ?? [];
  }

  signIn(app: AppId, userId: UserId, socketId: SocketId, enter: () => boolean): "entered" | "left" {
    const { users } = this.#app(app);
    const sockets = users.get(userId);
    if (sockets === undefined) {
      users.set(userId, new Set([socketId]));
      this.#events?.userChanged(app, userId, true);
    } else sockets.add(socketId);
    if (enter()) return "entered";
    this.signOut(app, userId, socketId);
    return "left";
  }

  signOut(app: AppId, userId: UserId, socketId: SocketId): void {
    const { users } = this.#app(app);
    const sockets = users.get(userId);
    if (sockets === undefined || !sockets.delete(socketId) || sockets.size > 0) return;
    users.delete(userId);
    this.#events?.userChanged(app, userId, false);
  }

  online(app: AppId, userIds: readonly string[], answer: (online: ReadonlySet<string>) => void): "answered" {
    const users: ReadonlyMap<string, unknown> = this.#app(app).users;
    answer(new Set(userIds.filter((id) => users.has(id))));
    return "answered";
  }

  send(message: NodeMessage): "sent" {
    this.#events?.messageReceived(message);
    return "sent";
  }

  admit(app: AppId, most: number): boolean {
    const state = this.#app(app);
    if (state.admitted >= most) return false;
    state.admitted += 1;
    return true;
  }

  release(app: AppId): void {
    this.#app(app).admitted -= 1;
  }

  close(): void {
    this.#stopSweep?.();
    this.#apps.clear();
  }

  #app(id: AppId): AppState {
    let state = this.#apps.get(id);
    if (state === undefined) {
      state = { channels: new Map(), users: new Map(), admitted: 0 };
      this.#apps.set(id, state);
    }
    return state;
  }

  #deliver(app: AppId, { channel, message, except }: Publication, position: Position | undefined): void {
    this.#events?.deliver(app, { channel, message, except, position });
  }

  #publishNow(app: AppId, publication: Publication): Position | undefined {
    const position = this.#keep(app, publication);
    this.#deliver(app, publication, position);
    return position;
  }

  #keep(app: AppId, { channel, message, keep }: Publication): Position | undefined {
    return keep === undefined ? undefined : this.#history.keep(app, channel, message, keep);
  }

  /** Removes a connection from a channel; true if it was its user's last one. */
  #remove(app: AppId, name: ChannelName, channel: Channel, socketId: SocketId, userId: string | undefined): boolean {
    channel.sockets.delete(socketId);
    if (channel.sockets.size === 0) this.#app(app).channels.delete(name);
    return userId !== undefined && channel.presence?.roster.leave(socketId, userId) === true;
  }

  #announce(app: AppId, channel: ChannelName, message: string, except: SocketId | undefined): void {
    this.#events?.deliver(app, { channel, message, except, position: undefined });
  }

  #changed(app: AppId, fact: OccupancyFact): void {
    this.#events?.changed(app, fact);
  }
}

function createChannel(hasMembers: boolean): Channel {
  return {
    sockets: new Set(),
    presence: hasMembers ? { roster: new PresenceRoster(), departures: new Map() } : undefined,
  };
}

function isFull({ presence }: Channel, userId: string, maxMembers: number): boolean {
  return presence !== undefined && presence.roster.userCount >= maxMembers && !presence.roster.has(userId);
}

function summary(channel: ChannelName, state: Channel | undefined): ChannelSummary {
  return {
    channel,
    subscriptions: state?.sockets.size ?? 0,
    users: state?.presence?.roster.userCount ?? 0,
  };
}

/** Texts that no engine has used before: one random number for the engine, and a counter. */
function createEpochs(random: Random): () => string {
  const engine = `${random.below(2 ** 31).toString(36)}${random.below(2 ** 31).toString(36)}`;
  let count = 0;
  return () => {
    count += 1;
    return `${engine}-${count.toString(36)}`;
  };
}
