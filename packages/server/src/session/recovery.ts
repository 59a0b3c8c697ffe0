import type { ChannelName, ClientMessage } from "@sealcast/protocol";
import { andThen, type Awaitable } from "../core/awaitable.ts";
import { historyRowOf } from "../core/apps/history-row.ts";
import type { Broker, History, HistoryQuery, KeptEvent, Position } from "../ports/broker.ts";
import type { Clock } from "../ports/clock.ts";
import type { Unavailable } from "../ports/unavailable.ts";
import type { Client } from "./client.ts";
import { HeldDeliveries } from "./held-deliveries.ts";
import type { Hub } from "./hub.ts";
import { untilAvailable } from "./until-available.ts";

type Recover = Extract<ClientMessage, { kind: "recover" }>;

/** A subscription whose events wait for the client's request. */
interface Hold {
  readonly held: HeldDeliveries;
  readonly cancelTimer: () => void;
}

/** What one connection recovers, by channel. */
interface ClientRecoveries {
  /** Requests that came before the subscription. */
  readonly asked: Map<ChannelName, Position | undefined>;
  /** Where subscriptions began. */
  readonly begins: Map<ChannelName, Position>;
  readonly holds: Map<ChannelName, Hold>;
}

/** How long events wait for the request of a connection that was opened for recovery, in milliseconds. */
const longestHoldMs = 1_000;

/**
 * Sends clients the events that they missed while they were not connected, each once: a subscription begins at a position,
 * what is kept before it is replayed, and what comes after it is delivered anyway.
 */
export class Recovery {
  readonly #broker: Broker;
  readonly #hub: Hub;
  readonly #clock: Pick<Clock, "after" | "monotonicNow">;
  readonly #maxRequests: number;
  readonly #clients = new WeakMap<Client, ClientRecoveries>();

  /** @param maxRequests most requests of one connection that wait for its subscriptions. */
  constructor(broker: Broker, hub: Hub, clock: Pick<Clock, "after" | "monotonicNow">, maxRequests: number) {
    this.#broker = broker;
    this.#hub = hub;
    this.#clock = clock;
    this.#maxRequests = maxRequests;
  }

  /** Handles `sealcast:recover`. */
  recover(client: Client, { channel, after }: Recover): Awaitable<void> {
    if (!client.memberships.has(channel)) return this.#remember(client, channel, after);
    const recoveries = this.#clients.get(client);
    recoveries?.holds.get(channel)?.cancelTimer();
    const begin = recoveries?.begins.get(channel);
    if (after === undefined) return this.#follow(client, channel, begin, undefined);
    const missed = begin?.epoch === after.epoch ? begin.offset - after.offset : undefined;
    if (missed === undefined) return this.#follow(client, channel, begin, false);
    if (missed <= 0) return this.#follow(client, channel, begin, true);
    const read = (): Awaitable<History | Unavailable> =>
      this.#broker.history(client.app.id, channel, { after, limit: missed });
    return andThen(untilAvailable(client, this.#clock, read), (history) => {
      if (!client.isOpen || !client.memberships.has(channel)) return;
      const isComplete = history !== "unavailable" && !history.gap && history.events.length === missed;
      if (isComplete) this.#replay(client, channel, history.events);
      this.#follow(client, channel, begin, isComplete);
    });
  }

  /** Which kept events a subscription needs when it takes effect. */
  historyOf(client: Client, channel: ChannelName): HistoryQuery | undefined {
    const row = historyRowOf(client.app.history, channel);
    if (row === undefined) return undefined;
    const after = this.#clients.get(client)?.asked.get(channel);
    return { after, limit: after === undefined ? 1 : row.size, begin: true };
  }

  /** A subscription takes effect. Returns whether the client has got everything that it missed. */
  entered(client: Client, channel: ChannelName, history: History | undefined): boolean {
    const recoveries = this.#clients.get(client);
    const begin = history?.last;
    if (begin !== undefined) this.#of(client).begins.set(channel, begin);
    if (recoveries?.asked.has(channel) !== true) {
      if (client.opensForRecovery && begin !== undefined) this.#hold(client, channel);
      else this.#hub.subscribe(client, channel);
      return false;
    }
    this.#hub.subscribe(client, channel);
    const after = recoveries.asked.get(channel);
    recoveries.asked.delete(channel);
    const isComplete = after !== undefined && history?.gap === false;
    if (isComplete) this.#replay(client, channel, history.events);
    this.#sendPosition(client, channel, begin, after === undefined ? undefined : isComplete);
    this.#hub.follow(client, channel);
    return isComplete;
  }

  /** A subscription has ended. */
  left(client: Client, channel: ChannelName): void {
    const recoveries = this.#clients.get(client);
    recoveries?.begins.delete(channel);
    recoveries?.holds.get(channel)?.cancelTimer();
    recoveries?.holds.delete(channel);
  }

  #remember(client: Client, channel: ChannelName, after: Position | undefined): void {
    const { asked } = this.#of(client);
    if (asked.size < this.#maxRequests || asked.has(channel)) {
      asked.set(channel, after);
      return;
    }
    client.refuse({ id: "notSubscribed", message: `Too many requests to recover channels before their subscriptions` });
  }

  #hold(client: Client, channel: ChannelName): void {
    const release = (): void => this.#release(client, channel, false);
    const held = new HeldDeliveries(release);
    this.#of(client).holds.set(channel, { held, cancelTimer: this.#clock.after(longestHoldMs, release) });
    this.#hub.hold(client, channel, held);
  }

  /** Sends what was held, if anything was, and lets later events pass. */
  #release(client: Client, channel: ChannelName, withPositions: boolean): void {
    const holds = this.#clients.get(client)?.holds;
    const hold = holds?.get(channel);
    if (hold === undefined) return;
    hold.cancelTimer();
    holds?.delete(channel);
    for (const { message, except, position } of hold.held.deliveries) {
      if (except !== client.socketId) client.sendEncoded(message);
      if (withPositions && position !== undefined) this.#sendPosition(client, channel, position, undefined);
    }
    this.#hub.release(client, channel);
    this.#hub.subscribe(client, channel);
  }

  #replay(client: Client, channel: ChannelName, events: readonly KeptEvent[]): void {
    for (const { message, position } of events) {
      client.sendEncoded(message);
      this.#sendPosition(client, channel, position, undefined);
    }
  }

  /** Tells where the client is now, and sends positions from now on. */
  #follow(client: Client, channel: ChannelName, begin: Position | undefined, recovered: boolean | undefined): void {
    const isHeld = this.#clients.get(client)?.holds.has(channel) === true;
    const position = isHeld ? begin : latest(begin, this.#hub.positionOf(client.app.id, channel));
    this.#sendPosition(client, channel, position, recovered);
    this.#release(client, channel, true);
    this.#hub.follow(client, channel);
  }

  #sendPosition(
    client: Client,
    channel: ChannelName,
    position: Position | undefined,
    recovered: boolean | undefined,
  ): void {
    client.send({ kind: "position", channel, position, recovered });
  }

  #of(client: Client): ClientRecoveries {
    let recoveries = this.#clients.get(client);
    if (recoveries === undefined) {
      recoveries = { asked: new Map(), begins: new Map(), holds: new Map() };
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
