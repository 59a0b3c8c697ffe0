import type { AppId, ChannelName, UserId } from "@sealcast/protocol";
import {
  andThen,
  type Awaitable,
  type Engine,
  type EngineEvents,
  type Joined,
  type Left,
  type Publication,
} from "@sealcast/server";
import { app, socketOf, type Delivery } from "./publications.ts";

/** One node under test: its engine, and what the engine told it. As a server does, it minds the channels it has joined. */
export class ContractNode implements EngineEvents {
  readonly engine: Engine;
  readonly delivered: Delivery[] = [];
  /** What happened to users. */
  readonly changes: string[] = [];
  readonly #joined = new Set<string>();
  /** How much had been delivered when a connection joined. */
  readonly #before = new Map<string, number>();
  #waiting: { readonly isOver: () => boolean; readonly resolve: () => void }[] = [];

  constructor(engine: Engine) {
    this.engine = engine;
  }

  /** Joins a connection; with a user, as that user, whose info names the connection unless given. */
  join(
    channel: ChannelName,
    socket: string,
    userId?: string,
    maxMembers = 100,
    userInfo = JSON.stringify({ socket }),
  ): Awaitable<Joined> {
    const member = userId === undefined ? undefined : { userId, userInfo };
    return andThen(this.engine.join({ app, channel, socketId: socketOf(socket), member, maxMembers }), (joined) => {
      if (joined !== "full") this.#joined.add(`${app}/${channel}`);
      this.#before.set(socket, this.delivered.length);
      return joined;
    });
  }

  leave(channel: ChannelName, socket: string, userId?: string): Awaitable<Left> {
    return this.engine.leave(app, channel, socketOf(socket), userId);
  }

  /** What was delivered to a connection that joined one channel: everything since, without what leaves it out. */
  deliveredTo(socket: string): readonly Delivery[] {
    return this.delivered.slice(this.#before.get(socket) ?? 0).filter(({ except }) => except !== socket);
  }

  /** Resolves once the engine told this node so many things in all. */
  heard(count: number): Promise<void> {
    return this.#wait(() => this.delivered.length + this.changes.length >= count);
  }

  /** Resolves once a message was delivered. */
  until(message: string): Promise<void> {
    return this.#wait(() => this.delivered.some((delivered) => delivered.message === message));
  }

  deliver(of: AppId, { channel, message, except }: Publication): void {
    if (!this.#joined.has(`${of}/${channel}`)) return;
    this.delivered.push({ channel, message, except });
    this.#notice();
  }

  userChanged(_app: AppId, userId: UserId, online: boolean): void {
    this.#change(`${userId} ${online ? "online" : "offline"}`);
  }

  terminate(_app: AppId, userId: UserId): void {
    this.#change(`${userId} terminated`);
  }

  #change(change: string): void {
    this.changes.push(change);
    this.#notice();
  }

  #wait(isOver: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ isOver, resolve });
      this.#notice();
    });
  }

  #notice(): void {
    const over = this.#waiting.filter(({ isOver }) => isOver());
    this.#waiting = this.#waiting.filter((waiting) => !over.includes(waiting));
    for (const { resolve } of over) resolve();
  }
}

/** The nodes of the cluster under test. */
export class ContractNodes {
  readonly all: readonly ContractNode[];
  readonly here: ContractNode;
  /** Another node, where the cluster has one. */
  readonly there: ContractNode;

  constructor(engines: readonly [Engine, ...Engine[]]) {
    const [first, second, ...others] = engines;
    this.here = new ContractNode(first);
    this.there = second === undefined ? this.here : new ContractNode(second);
    this.all = [...new Set([this.here, this.there]), ...others.map((engine) => new ContractNode(engine))];
  }

  /** Takes turns between here and there. */
  at(index: number): ContractNode {
    return index % 2 === 0 ? this.here : this.there;
  }
}
