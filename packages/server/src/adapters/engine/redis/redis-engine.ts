import type { AppId, ChannelName, SocketId, UserId } from "@sealcast/protocol";
import type { Awaitable } from "../../../core/awaitable.ts";
import type { History, HistoryQuery, Position, Publication, PublishRate } from "../../../ports/broker.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Engine, EngineEvents } from "../../../ports/engine.ts";
import type { NodeMessage } from "../../../ports/node-link.ts";
import type { ChannelSummary, Entry, Joining, JoinOutcome } from "../../../ports/occupancy.ts";
import type { Unavailable } from "../../../ports/unavailable.ts";
import { ChannelChanges } from "./channels/channel-changes.ts";
import { ChannelQueries } from "./channels/channel-queries.ts";
import { Keys } from "./encoding/keys.ts";
import { LocalChannels } from "./channels/local-channels.ts";
import { LocalQuotas } from "./nodes/local-quotas.ts";
import { LocalUsers } from "./nodes/local-users.ts";
import { Publisher } from "./channels/publisher.ts";
import type { RedisConnection } from "./connection/redis-connection.ts";
import { RedisNode, type RedisEngineSettings } from "./nodes/redis-node.ts";
import { Synchronization } from "./nodes/synchronization.ts";

/**
 * An engine for several nodes that share one Redis. State that nodes share is changed by scripts, which are atomic; messages
 * go through publish/subscribe. A join leaves a mark in its channel's topic: that is its place in the order of messages.
 */
export class RedisEngine implements Engine {
  readonly #node: RedisNode;
  readonly #channels: LocalChannels;
  readonly #changes: ChannelChanges;
  readonly #publisher: Publisher;
  readonly #queries: ChannelQueries;
  readonly #users: LocalUsers;
  readonly #quotas: LocalQuotas;
  readonly #sync: Synchronization;

  constructor(connection: RedisConnection, clock: Clock, settings: RedisEngineSettings) {
    this.#node = new RedisNode(connection, clock, new Keys(settings.prefix), settings);
    this.#channels = new LocalChannels(this.#node);
    this.#changes = new ChannelChanges(this.#node);
    this.#publisher = new Publisher(this.#node, this.#channels);
    this.#queries = new ChannelQueries(this.#node);
    this.#users = new LocalUsers(this.#node);
    this.#quotas = new LocalQuotas(this.#node);
    this.#sync = new Synchronization(this.#node, this.#channels, this.#changes, this.#users, this.#quotas);
  }

  async start(events: EngineEvents): Promise<void> {
    this.#node.events = events;
    await this.#node.connection.open({
      up: () => this.#sync.connected(),
      down: (reason) => this.#sync.disconnected(reason),
    });
    try {
      await this.#sync.start();
    } catch (error) {
      await this.#node.connection.close();
      throw this.#node.connection.problemOf(error);
    }
  }

  publish(
    app: AppId,
    publications: readonly Publication[],
  ): Awaitable<readonly (Position | undefined)[] | Unavailable> {
    return this.#sync.isReady ? this.#publisher.publish(app, publications) : "unavailable";
  }

  publishWithin(
    app: AppId,
    publications: readonly Publication[],
    rate: PublishRate,
  ): Awaitable<readonly (Position | undefined)[] | "too-many" | Unavailable> {
    return this.#sync.isReady ? this.#publisher.publishWithin(app, publications, rate) : "unavailable";
  }

  publishOnce(app: AppId, publication: Publication): Awaitable<boolean | Unavailable> {
    return this.#sync.isReady ? this.#publisher.publishOnce(app, publication) : "unavailable";
  }

  history(app: AppId, channel: ChannelName, query: HistoryQuery): Promise<History | Unavailable> {
    return this.#queries.history(app, channel, query);
  }

  async join(joining: Joining, enter: (entry: Entry) => boolean): Promise<JoinOutcome | Unavailable> {
    if (!this.#sync.isReady) return "unavailable";
    const channel = this.#channels.use(joining.app, joining.channel);
    const outcome = await channel.gate.pass((open) =>
      open && this.#sync.isReady
        ? this.#changes.join(channel, joining, enter)
        : Promise.resolve("unavailable" as const),
    );
    this.#channels.releaseIfIdle(channel);
    return outcome;
  }

  async leave(app: AppId, name: ChannelName, socketId: SocketId): Promise<void> {
    const channel = this.#channels.find(app, name);
    if (channel === undefined) return;
    await channel.gate.pass(() => this.#changes.leave(channel, socketId));
    this.#channels.releaseIfIdle(channel);
  }

  channels(app: AppId, prefix: string): AsyncIterable<readonly ChannelSummary[] | Unavailable> {
    return this.#queries.channels(app, prefix);
  }

  channel(app: AppId, channel: ChannelName): Promise<ChannelSummary | Unavailable> {
    return this.#queries.channel(app, channel);
  }

  members(app: AppId, channel: ChannelName): Promise<readonly string[] | Unavailable> {
    return this.#queries.members(app, channel);
  }

  async signIn(
    app: AppId,
    userId: UserId,
    socketId: SocketId,
    enter: () => boolean,
  ): Promise<"entered" | "left" | Unavailable> {
    return this.#sync.isReady ? this.#users.signIn(app, userId, socketId, enter) : "unavailable";
  }

  signOut(app: AppId, userId: UserId, socketId: SocketId): Promise<void> {
    return this.#users.signOut(app, userId, socketId);
  }

  async online(
    app: AppId,
    userIds: readonly string[],
    answer: (online: ReadonlySet<string>) => void,
  ): Promise<"answered" | Unavailable> {
    return this.#sync.isReady ? this.#users.online(app, userIds, answer) : "unavailable";
  }

  async send(message: NodeMessage): Promise<"sent" | Unavailable> {
    return this.#sync.isReady ? this.#users.send(message) : "unavailable";
  }

  async admit(app: AppId, most: number): Promise<boolean> {
    return this.#sync.isReady ? this.#quotas.admit(app, most) : this.#quotas.admitHere(app, most);
  }

  release(app: AppId): Promise<void> {
    return this.#quotas.release(app);
  }

  async close(): Promise<void> {
    await this.#sync.close();
    this.#node.events = undefined;
    await this.#node.connection.close();
  }
}
