import type { AppId, ChannelName, SocketId, UserId } from "@sealcast/protocol";
import {
  type Awaitable,
  MemoryEngine,
  type ChannelSummary,
  type Clock,
  type Engine,
  type EngineEvents,
  type Entry,
  type History,
  type HistoryQuery,
  type Joining,
  type JoinOutcome,
  type NodeMessage,
  type Position,
  type Publication,
  type PublishRate,
  type Random,
  type Unavailable,
} from "@sealcast/server";

/** Several nodes that share one memory engine, in one process: for tests of clusters, with the faults of a network. */
export class MemoryCluster {
  readonly nodes: readonly [MemoryClusterNode, ...MemoryClusterNode[]];
  readonly #engine: MemoryEngine;
  /** The node whose request is being carried out: facts are reported there. */
  #acting: MemoryClusterNode;

  constructor(clock: Clock, random: Random, size: number) {
    this.#engine = new MemoryEngine(clock, random);
    const first = new MemoryClusterNode(this);
    this.nodes = [first, ...Array.from({ length: size - 1 }, () => new MemoryClusterNode(this))];
    this.#acting = first;
    this.#engine.start({
      deliver: (...delivery) => this.#each((events) => events.deliver(...delivery)),
      missed: () => undefined,
      changed: (...change) => this.#acting.events?.changed(...change),
      userChanged: (...change) => this.#each((events) => events.userChanged(...change)),
      messageReceived: (message) => this.#each((events) => events.messageReceived(message)),
      statusChanged: () => undefined,
    });
  }

  /** Carries out a request of a node. */
  act<T>(node: MemoryClusterNode, request: (engine: MemoryEngine) => T): T {
    const before = this.#acting;
    this.#acting = node;
    try {
      return request(this.#engine);
    } finally {
      this.#acting = before;
    }
  }

  /** Ends a node without a farewell, as `kill -9` does. Another node gives up what it held. */
  kill(node: MemoryClusterNode): void {
    node.events = undefined;
    const survivor = this.nodes.find(({ events }) => events !== undefined) ?? node;
    this.act(survivor, (engine) => node.giveUp(engine));
  }

  /** Ends every node. */
  close(): void {
    this.#engine.close();
  }

  #each(report: (events: EngineEvents) => void): void {
    for (const { events } of this.nodes) if (events !== undefined) report(events);
  }
}

/** One node of a `MemoryCluster`. */
export class MemoryClusterNode implements Engine {
  events: EngineEvents | undefined;
  readonly #cluster: MemoryCluster;
  /** How to give up each thing that the node holds. */
  readonly #held = new Map<string, (engine: MemoryEngine) => void>();
  readonly #admitted = new Map<AppId, number>();
  #losesAnswer = false;

  constructor(cluster: MemoryCluster) {
    this.#cluster = cluster;
  }

  /** The node's next request takes effect, but its answer is lost. */
  loseNextAnswer(): void {
    this.#losesAnswer = true;
  }

  giveUp(engine: MemoryEngine): void {
    for (const release of this.#held.values()) release(engine);
    this.#held.clear();
  }

  start(events: EngineEvents): void {
    this.events = events;
  }

  publish(
    app: AppId,
    publications: readonly Publication[],
  ): Awaitable<readonly (Position | undefined)[] | Unavailable> {
    return this.#ask((engine) => engine.publish(app, publications));
  }

  publishWithin(
    app: AppId,
    publications: readonly Publication[],
    rate: PublishRate,
  ): Awaitable<readonly (Position | undefined)[] | "too-many" | Unavailable> {
    return this.#ask((engine) => engine.publishWithin(app, publications, rate));
  }

  publishOnce(app: AppId, publication: Publication): boolean | Unavailable {
    return this.#ask((engine) => engine.publishOnce(app, publication));
  }

  history(app: AppId, channel: ChannelName, query: HistoryQuery): History | Unavailable {
    return this.#ask((engine) => engine.history(app, channel, query));
  }

  join(joining: Joining, enter: (entry: Entry) => boolean): JoinOutcome | Unavailable {
    const { app, channel, socketId, presence } = joining;
    const leave = (engine: MemoryEngine): void => engine.leave(app, channel, socketId, presence?.member.userId);
    const lost = this.#losesAnswer;
    const outcome = this.#ask((engine) => engine.join(joining, (entry) => lost || enter(entry)));
    if (outcome === "unavailable") this.#cluster.act(this, leave);
    if (outcome === "entered") this.#held.set(`${app}/${channel} ${socketId}`, leave);
    return outcome;
  }

  leave(app: AppId, channel: ChannelName, socketId: SocketId, userId: string | undefined): void {
    this.#held.delete(`${app}/${channel} ${socketId}`);
    this.#cluster.act(this, (engine) => engine.leave(app, channel, socketId, userId));
  }

  async *channels(app: AppId, prefix: string): AsyncGenerator<readonly ChannelSummary[]> {
    yield* this.#cluster.act(this, (engine) => engine.channels(app, prefix));
  }

  channel(app: AppId, channel: ChannelName): ChannelSummary | Unavailable {
    return this.#ask((engine) => engine.channel(app, channel));
  }

  members(app: AppId, channel: ChannelName): readonly string[] | Unavailable {
    return this.#ask((engine) => engine.members(app, channel));
  }

  signIn(app: AppId, userId: UserId, socketId: SocketId, enter: () => boolean): "entered" | "left" | Unavailable {
    const signOut = (engine: MemoryEngine): void => engine.signOut(app, userId, socketId);
    const lost = this.#losesAnswer;
    const outcome = this.#ask((engine) => engine.signIn(app, userId, socketId, () => lost || enter()));
    if (outcome === "unavailable") this.#cluster.act(this, signOut);
    if (outcome === "entered") this.#held.set(`${app} ${userId} ${socketId}`, signOut);
    return outcome;
  }

  signOut(app: AppId, userId: UserId, socketId: SocketId): void {
    this.#held.delete(`${app} ${userId} ${socketId}`);
    this.#cluster.act(this, (engine) => engine.signOut(app, userId, socketId));
  }

  online(
    app: AppId,
    userIds: readonly string[],
    answer: (online: ReadonlySet<string>) => void,
  ): "answered" | Unavailable {
    return this.#ask((engine) => engine.online(app, userIds, answer));
  }

  send(message: NodeMessage): "sent" | Unavailable {
    return this.#ask((engine) => engine.send(message));
  }

  admit(app: AppId, most: number): boolean {
    this.#losesAnswer = false;
    const isAdmitted = this.#cluster.act(this, (engine) => engine.admit(app, most));
    if (!isAdmitted) return false;
    const number = (this.#admitted.get(app) ?? 0) + 1;
    this.#admitted.set(app, number);
    this.#held.set(`${app} connection ${number}`, (engine) => engine.release(app));
    return true;
  }

  release(app: AppId): void {
    const number = this.#admitted.get(app) ?? 0;
    this.#admitted.set(app, number - 1);
    this.#held.delete(`${app} connection ${number}`);
    this.#cluster.act(this, (engine) => engine.release(app));
  }

  close(): void {
    this.#cluster.act(this, (engine) => this.giveUp(engine));
    this.events = undefined;
  }

  #ask<T>(request: (engine: MemoryEngine) => T): T | Unavailable {
    const lost = this.#losesAnswer;
    this.#losesAnswer = false;
    const answer = this.#cluster.act(this, request);
    return lost ? "unavailable" : answer;
  }
}
