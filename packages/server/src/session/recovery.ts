import type { ChannelName, ClientMessage } from "@sealcast/protocol";
import { andThen, type Awaitable } from "../core/awaitable.ts";
import { engineUnavailable } from "../core/engine-unavailable.ts";
import { historyRowOf } from "../core/history-row.ts";
import type { Broker, History, HistoryQuery, KeptEvent, Position } from "../ports/broker.ts";
import type { Client } from "./client.ts";
import type { Hub } from "./hub.ts";

type Recover = Extract<ClientMessage, { kind: "recover" }>;

/** What one connection recovers: requests that came before the subscription, and where subscriptions began. */
interface ClientRecoveries {
  readonly asked: Map<ChannelName, Position | undefined>;
  readonly begins: Map<ChannelName, Position>;
}

const lastEvent: HistoryQuery = { after: undefined, limit: 1 };

/**
 * Sends clients the events that they missed while they were not connected, each once: a subscription begins at a position,
 * what is kept before it is replayed, and what comes after it is delivered anyway.
 */
export class Recovery {
  readonly #broker: Broker;
  readonly #hub: Hub;
  readonly #mostRequests: number;
  readonly #clients = new WeakMap<Client, ClientRecoveries>();

  /** @param mostRequests most requests of one connection that wait for its subscriptions. */
  constructor(broker: Broker, hub: Hub, mostRequests: number) {
    this.#broker = broker;
    this.#hub = hub;
    this.#mostRequests = mostRequests;
  }

  /** Handles `sealcast:recover`. */
  recover(client: Client, { channel, after }: Recover): Awaitable<void> {
    if (!client.memberships.has(channel)) return this.#remember(client, channel, after);
    const begin = this.#clients.get(client)?.begins.get(channel);
    if (after === undefined) return this.#follow(client, channel, begin, undefined);
    const missed = begin?.epoch === after.epoch ? begin.offset - after.offset : undefined;
    if (missed === undefined) return this.#follow(client, channel, begin, false);
    if (missed <= 0) return this.#follow(client, channel, begin, true);
    return andThen(this.#broker.history(client.app.id, channel, { after, limit: missed }), (history) => {
      if (!client.isOpen || !client.memberships.has(channel)) return;
      if (history === "unavailable") return client.refuse(engineUnavailable);
      const isComplete = !history.gap && history.events.length === missed;
      if (isComplete) this.#replay(client, channel, history.events);
      this.#follow(client, channel, begin, isComplete);
    });
  }

  /** Which kept events a subscription needs when it takes effect. */
  historyOf(client: Client, channel: ChannelName): HistoryQuery | undefined {
    const row = historyRowOf(client.app.history, channel);
    if (row === undefined) return undefined;
    const after = this.#clients.get(client)?.asked.get(channel);
    return after === undefined ? lastEvent : { after, limit: row.size };
  }

  /** A subscription takes effect. Returns whether the client has got everything that it missed. */
  entered(client: Client, channel: ChannelName, history: History | undefined): boolean {
    const recoveries = this.#clients.get(client);
    const begin = history?.last;
    if (begin !== undefined) this.#of(client).begins.set(channel, begin);
    if (recoveries?.asked.has(channel) !== true) return false;
    const after = recoveries.asked.get(channel);
    recoveries.asked.delete(channel);
    const isComplete = after !== undefined && history?.gap === false;
    if (isComplete) this.#replay(client, channel, history.events);
    this.#sendPosition(client, channel, begin, after === undefined ? undefined : isComplete);
    return isComplete;
  }

  /** A subscription has ended. */
  left(client: Client, channel: ChannelName): void {
    this.#clients.get(client)?.begins.delete(channel);
  }

  #remember(client: Client, channel: ChannelName, after: Position | undefined): void {
    const { asked } = this.#of(client);
    if (asked.size < this.#mostRequests || asked.has(channel)) {
      asked.set(channel, after);
      return;
    }
    client.refuse({ id: "notSubscribed", message: `Too many requests to recover channels before their subscriptions` });
  }

  #replay(client: Client, channel: ChannelName, events: readonly KeptEvent[]): void {
    for (const { message, position } of events) {
      client.sendEncoded(message);
      client.send({ kind: "position", channel, position, recovered: undefined });
    }
  }

  #follow(client: Client, channel: ChannelName, begin: Position | undefined, recovered: boolean | undefined): void {
    this.#sendPosition(client, channel, latest(begin, this.#hub.positionOf(client.app.id, channel)), recovered);
  }

  #sendPosition(
    client: Client,
    channel: ChannelName,
    position: Position | undefined,
    recovered: boolean | undefined,
  ): void {
    client.send({ kind: "position", channel, position, recovered });
    this.#hub.follow(client, channel);
  }

  #of(client: Client): ClientRecoveries {
    let recoveries = this.#clients.get(client);
    if (recoveries === undefined) {
      recoveries = { asked: new Map(), begins: new Map() };
      this.#clients.set(client, recoveries);
    }
    return recoveries;
  }
}

/** A node that was cut off may have delivered less than what a subscription found. */
function latest(begin: Position | undefined, delivered: Position | undefined): Position | undefined {
  if (begin === undefined || delivered === undefined) return delivered ?? begin;
  return begin.epoch === delivered.epoch && begin.offset > delivered.offset ? begin : delivered;
}
