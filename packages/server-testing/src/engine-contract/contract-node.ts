import type { AppId, ChannelName, UserId } from "@sealcast/protocol";
import {
  andThen,
  type Awaitable,
  type Delivery,
  type Engine,
  type EngineEvents,
  type EngineStatus,
  type Entry,
  type HistoryQuery,
  type JoinOutcome,
  type NodeMessage,
  type OccupancyFact,
  type Position,
  type Unavailable,
} from "@sealcast/server";
import { app, socketOf, type DeliveredMessage } from "./publications.ts";

/** Details of a join that most rules leave open. */
export interface JoinDetails {
  readonly maxMembers?: number;
  readonly userInfo?: string;
  readonly history?: HistoryQuery;
  /** What the callback of the join returns; false undoes the join. */
  readonly stays?: boolean;
}

/** One node under test: its engine, and what the engine reported. Like a server, it ignores channels that it did not join. */
export class ContractNode implements EngineEvents {
  readonly engine: Engine;
  readonly delivered: DeliveredMessage[] = [];
  readonly positions: (Position | undefined)[] = [];
  /** Reports about users, missed events, and messages of other nodes. */
  readonly changes: string[] = [];
  /** The same, and each call of the callbacks of `signIn` and `online`, in order. */
  readonly order: string[] = [];
  readonly facts: string[] = [];
  readonly statuses: EngineStatus[] = [];
  readonly #joined = new Set<string>();
  /** How much had been delivered when a connection joined. */
  readonly #before = new Map<string, number>();
  #waiting: { readonly isMet: () => boolean; readonly resolve: () => void }[] = [];

  constructor(engine: Engine) {
    this.engine = engine;
  }

  /**
   * Joins a connection, as the user if there is one; by default, `user_info` contains the name of the connection. Returns the entry, or
   * the outcome if the connection did not enter.
   */
  join(
    channel: ChannelName,
    socket: string,
    userId?: string,
    details: JoinDetails = {},
  ): Awaitable<Entry | JoinOutcome | Unavailable> {
    const { maxMembers = 100, userInfo = JSON.stringify({ socket }), history, stays = true } = details;
    const presence =
      userId === undefined
        ? undefined
        : { member: { userId, userInfo }, maxMembers, arrival: arrivalOf(userId), departure: departureOf(userId) };
    let entry: Entry | undefined;
    const outcome = this.engine.join({ app, channel, socketId: socketOf(socket), presence, history }, (entered) => {
      entry = entered;
      this.#joined.add(`${app}/${channel}`);
      this.#before.set(socket, this.delivered.length);
      return stays;
    });
    return andThen(outcome, (result) => (result === "entered" && entry !== undefined ? entry : result));
  }

  leave(channel: ChannelName, socket: string, userId?: string): Awaitable<void> {
    return this.engine.leave(app, channel, socketOf(socket), userId);
  }

  /** Signs a connection in. */
  signIn(userId: UserId, socket: string, stays = true): Awaitable<"entered" | "left" | Unavailable> {
    return this.engine.signIn(app, userId, socketOf(socket), () => {
      this.order.push(`${socket} enters`);
      return stays;
    });
  }

  /** The users out of `userIds` who are signed in to an app. */
  async online(userIds: readonly string[], of: AppId = app): Promise<ReadonlySet<string>> {
    let online: ReadonlySet<string> = new Set();
    await this.engine.online(of, userIds, (answer) => {
      this.order.push(`online: ${[...answer].toSorted().join(" ")}`);
      online = answer;
    });
    return online;
  }

  /** The occupied channels. */
  async channels(prefix = "", of: AppId = app): Promise<{ channel: string; subscriptions: number; users: number }[]> {
    const all = [];
    for await (const page of this.engine.channels(of, prefix)) if (page !== "unavailable") all.push(...page);
    return all.toSorted((a, b) => (a.channel < b.channel ? -1 : 1));
  }

  /** Returns what this node has delivered since the connection joined, except messages that leave the connection out. */
  deliveredTo(socket: string): readonly DeliveredMessage[] {
    return this.delivered.slice(this.#before.get(socket) ?? 0).filter(({ except }) => except !== socket);
  }

  /** Resolves when deliveries and changes together number at least `count`. */
  whenReceived(count: number): Promise<void> {
    return this.when(() => this.delivered.length + this.changes.length >= count);
  }

  /** Resolves once a message was delivered. */
  whenDelivered(message: string): Promise<void> {
    return this.when(() => this.delivered.some((delivered) => delivered.message === message));
  }

  deliver(of: AppId, { channel, message, except, position }: Delivery): void {
    if (!this.#joined.has(`${of}/${channel}`)) return;
    this.delivered.push({ channel, message, except });
    this.positions.push(position);
    this.#notice();
  }

  missed(_app: AppId, channel: ChannelName, last: Position | undefined): void {
    this.#change(`missed ${channel} up to ${last?.offset ?? "nothing"}`);
  }

  changed(_app: AppId, fact: OccupancyFact): void {
    const detail = "userId" in fact ? ` ${fact.userId}` : "count" in fact ? ` ${fact.count}` : "";
    this.facts.push(`${fact.kind} ${fact.channel}${detail}`);
    this.#notice();
  }

  userChanged(_app: AppId, userId: UserId, online: boolean): void {
    this.#change(`${userId} ${online ? "online" : "offline"}`);
  }

  messageReceived(message: NodeMessage): void {
    this.#change(message.kind === "console" ? message.text : `${message.userId} terminated`);
  }

  statusChanged(status: EngineStatus): void {
    this.statuses.push(status);
  }

  #change(change: string): void {
    this.changes.push(change);
    this.order.push(change);
    this.#notice();
  }

  /** Resolves when the condition holds. The node checks it at once and after each delivery, fact and change. */
  when(isMet: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ isMet, resolve });
      this.#notice();
    });
  }

  #notice(): void {
    const over = this.#waiting.filter(({ isMet }) => isMet());
    this.#waiting = this.#waiting.filter((waiting) => !over.includes(waiting));
    for (const { resolve } of over) resolve();
  }
}

/** The message that announces a user to the others. */
export function arrivalOf(userId: string): string {
  return `+${userId}`;
}

/** The message that tells the others that a user is gone. */
export function departureOf(userId: string): string {
  return `-${userId}`;
}

/** The nodes of the cluster under test. */
export class ContractNodes {
  readonly all: readonly ContractNode[];
  readonly here: ContractNode;
  /** Another node, if the cluster has one. */
  readonly there: ContractNode;

  constructor(engines: readonly [Engine, ...Engine[]]) {
    const [first, second, ...others] = engines;
    this.here = new ContractNode(first);
    this.there = second === undefined ? this.here : new ContractNode(second);
    this.all = [...new Set([this.here, this.there]), ...others.map((engine) => new ContractNode(engine))];
  }

  /** Alternates between here and there. */
  at(index: number): ContractNode {
    return index % 2 === 0 ? this.here : this.there;
  }

  /** The facts that all nodes reported, without the counts of connections; in order per node. */
  facts(): string[] {
    return this.all.flatMap(({ facts }) => facts.filter((fact) => !fact.startsWith("subscription-count")));
  }

  /** Resolves when the nodes have reported at least `count` facts, without counts of subscriptions. */
  async whenFacts(count: number): Promise<void> {
    await Promise.race(this.all.map((node) => node.when(() => this.facts().length >= count)));
  }

  /** The reported counts of connections on a channel. */
  counts(channel: ChannelName): number[] {
    const start = `subscription-count ${channel} `;
    return this.all.flatMap(({ facts }) =>
      facts.filter((fact) => fact.startsWith(start)).map((fact) => Number(fact.slice(start.length))),
    );
  }
}
