// cspell:ignore clusterdown tryagain masterdown
import { setTimeout as pause } from "node:timers/promises";
import { ErrorReply } from "redis";
import type { ConnectionStates } from "./connection-states.ts";
import { hashSlotOf } from "./hash-slot.ts";
import { TopicConnection, type TopicClient } from "./topic-connection.ts";

/** The part of the library's client for a Redis Cluster that this uses. */
export interface Cluster {
  readonly isOpen: boolean;
  readonly masters: readonly Server[];
  /** Indexed by hash slot. */
  readonly slots: readonly ({ readonly master: Server } | undefined)[];
  sendCommand(key: string, isReadonly: boolean, command: string[]): Promise<unknown>;
  on(event: "node-disconnect", listener: () => void): unknown;
}

/** A server of a Redis Cluster. */
export interface Server {
  readonly address: string;
  readonly host: string;
  readonly port: number;
}

interface Subscription {
  readonly listener: (payload: string) => void;
  /** Undefined while it is not confirmed, or has to be restored. */
  place: TopicConnection | undefined;
}

/** Before the next attempt to subscribe, in milliseconds. */
const retryMs = 100;
/** Most subscriptions that are restored at once. */
const sliceSize = 1_000;

/**
 * Topics that belong to hash slots of a Redis Cluster. Each is subscribed at the master that has its slot. When a slot moves,
 * or a server fails, this subscribes again at the master that has the slot now. What is published meanwhile is missed: that
 * counts as an interruption of the connection.
 */
export class ShardedTopics {
  readonly #cluster: Cluster;
  readonly #createClient: (server: Server) => TopicClient;
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #connections = new Map<string, TopicConnection>();
  /** Topics whose subscription has ended. */
  readonly #ended = new Set<string>();
  #isRestoring = false;
  #states: ConnectionStates | undefined;

  /** @param createClient creates a client of the library that connects to a server once. */
  constructor(cluster: Cluster, createClient: (server: Server) => TopicClient) {
    this.#cluster = cluster;
    this.#createClient = createClient;
    cluster.on("node-disconnect", () => this.#closeUnused());
  }

  /** Reports interruptions from now on. */
  watch(states: ConnectionStates): void {
    this.#states = states;
  }

  /** Resolves when messages of the topic arrive. */
  async subscribe(topic: string, listener: Subscription["listener"]): Promise<void> {
    const subscription: Subscription = { listener, place: undefined };
    this.#subscriptions.set(topic, subscription);
    while (!(await this.#attempt(topic, subscription))) await pause(retryMs);
  }

  async unsubscribe(topic: string): Promise<void> {
    const place = this.#subscriptions.get(topic)?.place;
    this.#subscriptions.delete(topic);
    await place?.unsubscribe(topic);
  }

  close(): void {
    for (const connection of this.#connections.values()) connection.close();
  }

  /** Subscribes at the master that has the slot. Returns whether that needs no further attempt. */
  async #attempt(topic: string, subscription: Subscription): Promise<boolean> {
    if (!this.#cluster.isOpen || this.#subscriptions.get(topic) !== subscription) return true;
    const server = this.#cluster.slots[hashSlotOf(topic)]?.master;
    try {
      if (server === undefined) return false;
      const connection = this.#connectionTo(server);
      await connection.subscribe(topic);
      if (!connection.hasTopic(topic)) return false;
      if (this.#subscriptions.get(topic) === subscription) subscription.place = connection;
      else if (!this.#subscriptions.has(topic)) await connection.unsubscribe(topic);
      return true;
    } catch (error) {
      if (error instanceof ErrorReply && !isTemporary(error)) throw error;
      // The library learns from the answer which master has the slot.
      await this.#cluster.sendCommand(topic, true, ["EXISTS", topic]).catch(() => undefined);
      return false;
    }
  }

  #connectionTo(server: Server): TopicConnection {
    const { address } = server;
    const known = this.#connections.get(address);
    if (known !== undefined) return known;
    const connection = new TopicConnection(this.#createClient(server), {
      message: (topic, payload) => this.#subscriptions.get(topic)?.listener(payload),
      ended: (topic) => this.#restore(connection, [topic], new Error("A hash slot has moved to another Redis server")),
      lost: (topics, reason) => {
        this.#connections.delete(address);
        this.#restore(connection, topics, reason);
      },
    });
    this.#connections.set(address, connection);
    return connection;
  }

  /** Closes connections to servers that are no masters of the cluster any more. */
  #closeUnused(): void {
    const masters = new Set(this.#cluster.masters.map(({ address }) => address));
    for (const [address, connection] of this.#connections) {
      if (!masters.has(address)) connection.close(new Error(`${address} is no master of the Redis Cluster any more`));
    }
  }

  #restore(connection: TopicConnection, topics: readonly string[], reason: unknown): void {
    for (const topic of topics) {
      const subscription = this.#subscriptions.get(topic);
      // Otherwise somebody is still about to subscribe it.
      if (subscription?.place !== connection) continue;
      subscription.place = undefined;
      this.#ended.add(topic);
    }
    if (this.#ended.size === 0 || this.#isRestoring) return;
    this.#isRestoring = true;
    this.#states?.lost(this, reason);
    void this.#restoreAll();
  }

  async #restoreAll(): Promise<void> {
    while (this.#ended.size > 0 && this.#cluster.isOpen) {
      const slice = [...this.#ended].slice(0, sliceSize);
      const restored = await Promise.all(slice.map((topic) => this.#isRestored(topic)));
      if (restored.includes(false)) await pause(retryMs);
    }
    this.#isRestoring = false;
    this.#states?.ready(this);
  }

  async #isRestored(topic: string): Promise<boolean> {
    const subscription = this.#subscriptions.get(topic);
    this.#ended.delete(topic);
    try {
      if (subscription === undefined || (await this.#attempt(topic, subscription))) return true;
    } catch {
      // Refused for a reason that may end, such as missing permissions.
    }
    this.#ended.add(topic);
    return false;
  }
}

/** Whether another attempt may succeed: the slot is elsewhere, or no server has it at the moment. */
function isTemporary({ message }: ErrorReply): boolean {
  return /^(MOVED|CLUSTERDOWN|TRYAGAIN|LOADING|MASTERDOWN|BUSY) /.test(message);
}
