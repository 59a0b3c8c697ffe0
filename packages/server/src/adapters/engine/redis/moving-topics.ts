// cspell:ignore sunsubscribe
import { setTimeout as pause } from "node:timers/promises";
import { ErrorReply } from "redis";
import type { ConnectionStates } from "./connection-states.ts";

type Listener = (payload: string) => void;

/** The part of the library's client for a Redis Cluster that this uses. */
interface Cluster {
  readonly isOpen: boolean;
  readonly masters: readonly Master[];
  sSubscribe(topic: string, listener: (payload: string, topic: string) => void): Promise<unknown>;
  sUnsubscribe(topic: string): Promise<unknown>;
  removeAllListeners(event: typeof connectionReplaced): unknown;
  on(event: typeof connectionReplaced, listener: (ended: { readonly SHARDED: Topics }) => void): unknown;
  on(event: "node-ready", listener: () => void): unknown;
}

type Topics = ReadonlyMap<string, unknown>;

interface Master {
  /** The library connects when it is undefined and needed. */
  pubSub?: { readonly client: Subscriber } | undefined;
}

/** The library's connection for the topics of one master. */
interface Subscriber {
  readonly isReady: boolean;
  on(event: "error", listener: (error: unknown) => void): unknown;
  getPubSubListeners(type: "SHARDED"): Topics;
  destroy(): void;
  _getQueue(): { readonly decoder: { onPush: (push: unknown[]) => unknown } };
}

/** The library has given up the connection to a server that has left the cluster or is no master any more. */
const connectionReplaced = "__resubscribeListeners";
/** Before the next attempt to restore subscriptions, in milliseconds. */
const retryMs = 100;

/**
 * Subscriptions in a Redis Cluster. When a hash slot moves to another master, Redis ends the subscriptions of its topics: what is
 * published at the other master before they are restored is missed. That counts as an interruption of the connection.
 *
 * The library takes the message that ends a subscription for the answer to a command if it waits for one. From then on it
 * assigns answers to the wrong commands. So this replaces the connection, and subscribes its topics again.
 */
export class MovingTopics {
  readonly #cluster: Cluster;
  readonly #listeners = new Map<string, Listener>();
  /** Topics that are being unsubscribed: Redis confirms that with the same message. */
  readonly #leaving = new Set<string>();
  readonly #watched = new WeakSet<Subscriber>();
  #states: ConnectionStates | undefined;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  watch(states: ConnectionStates): void {
    this.#states = states;
    // Before the first command is sent on a new connection.
    this.#cluster.on("node-ready", () => {
      for (const master of this.#cluster.masters) this.#watch(master);
    });
    // The library would subscribe once, and lose the topics if that fails.
    this.#cluster.removeAllListeners(connectionReplaced);
    this.#cluster.on(connectionReplaced, ({ SHARDED }) => void this.#restore([...SHARDED.keys()]));
  }

  async subscribe(topic: string, listener: Listener): Promise<void> {
    this.#listeners.set(topic, listener);
    await this.#cluster.sSubscribe(topic, this.#dispatch);
  }

  async unsubscribe(topic: string): Promise<void> {
    this.#listeners.delete(topic);
    this.#leaving.add(topic);
    try {
      await this.#cluster.sUnsubscribe(topic);
    } finally {
      this.#leaving.delete(topic);
    }
  }

  /** The same function for all topics: the library keeps it once, however often it subscribes. */
  readonly #dispatch = (payload: string, topic: string): void => this.#listeners.get(topic)?.(payload);

  #watch(master: Master): void {
    const subscriber = master.pubSub?.client;
    if (subscriber === undefined || this.#watched.has(subscriber)) return;
    this.#watched.add(subscriber);
    const replace = (): void => this.#replace(subscriber, master);
    // oxlint-disable-next-line no-underscore-dangle -- the library has no public way to see what Redis sends
    const { decoder } = subscriber._getQueue();
    const { onPush } = decoder;
    decoder.onPush = (push) => {
      if (!this.#endsSubscription(push)) return onPush(push);
      // Not now: the library is in the middle of reading.
      queueMicrotask(replace);
      return true;
    };
    subscriber.on("error", (error) => {
      // The library could not assign an answer to a command.
      if (subscriber.isReady && !(error instanceof ErrorReply)) replace();
    });
  }

  #endsSubscription([kind, topic]: readonly unknown[]): boolean {
    return String(kind) === "sunsubscribe" && !this.#leaving.has(String(topic));
  }

  #replace(subscriber: Subscriber, master: Master): void {
    if (!this.#watched.delete(subscriber)) return;
    const topics = [...subscriber.getPubSubListeners("SHARDED").keys()];
    if (master.pubSub?.client === subscriber) master.pubSub = undefined;
    subscriber.destroy();
    void this.#restore(topics);
  }

  async #restore(topics: readonly string[]): Promise<void> {
    const interruption = {};
    this.#states?.lost(interruption, new Error("A hash slot has moved to another Redis server"));
    while (this.#cluster.isOpen && !(await this.#areRestored(topics))) await pause(retryMs);
    this.#states?.ready(interruption);
  }

  async #areRestored(topics: readonly string[]): Promise<boolean> {
    const wanted = topics.filter((topic) => this.#listeners.has(topic));
    const outcomes = await Promise.allSettled(wanted.map((topic) => this.#cluster.sSubscribe(topic, this.#dispatch)));
    const unwanted = wanted.filter((topic) => !this.#listeners.has(topic));
    await Promise.allSettled(unwanted.map((topic) => this.unsubscribe(topic)));
    return outcomes.every(({ status }) => status === "fulfilled");
  }
}
