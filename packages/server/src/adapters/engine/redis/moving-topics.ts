import { setTimeout as pause } from "node:timers/promises";
import type { ConnectionStates } from "./connection-states.ts";

type Listener = (payload: string) => void;

/** The part of the library's client that this uses. */
interface Cluster {
  readonly isOpen: boolean;
  readonly masters: readonly { readonly pubSub?: { readonly client: Emitter } }[];
  sSubscribe(topic: string, listener: (payload: string, topic: string) => void): Promise<unknown>;
  sUnsubscribe(topic: string): Promise<unknown>;
}

interface Emitter {
  on(event: "sharded-channel-moved", listener: (topic: unknown) => void): unknown;
}

/** Before the next attempt to restore a subscription, in milliseconds. */
const retryMs = 100;

/**
 * Subscriptions in a Redis Cluster. When a hash slot moves to another master, Redis ends the subscriptions of its topics: what is
 * published at the other master before they are restored is missed. That counts as an interruption of the connection.
 */
export class MovingTopics {
  readonly #cluster: Cluster;
  readonly #listeners = new Map<string, Listener>();
  readonly #watched = new WeakSet<object>();
  #states: ConnectionStates | undefined;
  #hasMoved = false;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  watch(states: ConnectionStates): void {
    this.#states = states;
  }

  async subscribe(topic: string, listener: Listener): Promise<void> {
    this.#listeners.set(topic, listener);
    if (this.#hasMoved) await this.#restore(topic);
    else await this.#cluster.sSubscribe(topic, this.#dispatch);
    this.#watchMasters();
  }

  async unsubscribe(topic: string): Promise<void> {
    this.#listeners.delete(topic);
    await this.#cluster.sUnsubscribe(topic);
  }

  /** The same function for all topics: the library keeps it once, however often it subscribes. */
  readonly #dispatch = (payload: string, topic: string): void => this.#listeners.get(topic)?.(payload);

  /** The library opens a connection for topics when it needs one, and emits this event only there. */
  #watchMasters(): void {
    for (const { pubSub } of this.#cluster.masters) {
      if (pubSub === undefined || this.#watched.has(pubSub.client)) continue;
      this.#watched.add(pubSub.client);
      pubSub.client.on("sharded-channel-moved", (topic) => void this.#moved(String(topic)));
    }
  }

  async #moved(topic: string): Promise<void> {
    this.#hasMoved = true;
    const interruption = {};
    this.#states?.lost(interruption, new Error("A hash slot has moved to another Redis server"));
    while (this.#listeners.has(topic) && this.#cluster.isOpen && !(await this.#isRestored(topic))) await pause(retryMs);
    this.#states?.ready(interruption);
  }

  async #isRestored(topic: string): Promise<boolean> {
    try {
      await this.#restore(topic);
      this.#watchMasters();
      return true;
    } catch {
      return false;
    }
  }

  /**
   * Subscribes even if the library takes the topic for subscribed already: it restores subscriptions itself, but may ask a
   * master that does not have the slot. The first round finds the master, the second one subscribes.
   */
  async #restore(topic: string): Promise<void> {
    for (let round = 0; round < 2; round += 1) {
      await this.#cluster.sUnsubscribe(topic).catch(() => undefined);
      await this.#cluster.sSubscribe(topic, this.#dispatch);
    }
  }
}
