import type { AppId, ChannelName } from "@sealcast/protocol";
import type { Awaitable } from "../../core/awaitable.ts";
import { inTurns, type Turns } from "../../core/turns.ts";
import type { Clock } from "../../ports/clock.ts";
import type { History, HistoryQuery, Keep, Position } from "../../ports/broker.ts";
import { ChannelHistory } from "./channel-history.ts";
import { OldestFirst } from "./oldest-first.ts";

interface AppHistory {
  /** Channels with events; least recently used first. */
  readonly channels: OldestFirst<ChannelName, ChannelHistory>;
  /** Channels that have only a position; least recently used first. */
  readonly positions: OldestFirst<ChannelName, ChannelHistory>;
  bytes: number;
}

/** Most memory that kept events may take, in bytes. */
export interface HistoryBudget {
  readonly perApp: number;
  /** Of all apps together. */
  readonly total: number;
}

/** Memory of one channel besides its events: name, map entry, objects. Measured on Node.js 20, see the test. */
const channelBytes = 512;
/** Memory of one event besides its text. */
const eventBytes = 128;
const nothing: History = { events: [], last: undefined, gap: false };
const wideCharacter = /[^\0-\u{ff}]/u;

/**
 * The kept events of all channels. Publishers choose channel names freely, so memory is bounded: per app, and for all apps
 * together. Above the bound, the app that holds the most forgets positions of channels without events, then events of its
 * least recently used channel: every client may begin positions, but only publishers make events.
 */
export class EventHistory {
  readonly #clock: Clock;
  readonly #budget: HistoryBudget;
  readonly #newEpoch: () => string;
  readonly #apps = new Map<AppId, AppHistory>();
  #bytes = 0;

  /** @param newEpoch returns a text that was never used before. */
  constructor(clock: Clock, budget: HistoryBudget, newEpoch: () => string) {
    this.#clock = clock;
    this.#budget = budget;
    this.#newEpoch = newEpoch;
  }

  /** Memory that all kept events take, in bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Keeps an event and returns its position. */
  keep(app: AppId, name: ChannelName, message: string, keep: Keep): Position {
    const monotonicMs = this.#clock.monotonicNow();
    const state = this.#app(app);
    const channel = this.#use(state, name, monotonicMs);
    const before = channel.bytes;
    const position = channel.add(message, eventBytes + textBytes(message), keep, {
      wallMs: this.#clock.now(),
      monotonicMs,
    });
    this.#count(state, channel.bytes - before);
    place(state, name, channel);
    this.#keepBudget(state);
    return position;
  }

  /** The kept events of a channel. */
  read(app: AppId, name: ChannelName, query: HistoryQuery): History {
    const nowMs = this.#clock.monotonicNow();
    if (query.begin === true) {
      const begun = this.#app(app);
      const channel = this.#use(begun, name, nowMs);
      channel.touch(nowMs);
      place(begun, name, channel);
      this.#keepBudget(begun);
    }
    const state = this.#apps.get(app);
    if (state !== undefined) this.#expire(state, name, nowMs);
    const channel = state === undefined ? undefined : channelOf(state, name);
    return channel?.read(query, nowMs) ?? (query.after === undefined ? nothing : { ...nothing, gap: true });
  }

  /** Forgets everything that has expired. */
  sweep(turns: Turns): Awaitable<void> {
    const nowMs = this.#clock.monotonicNow();
    return inTurns(turns, this.#channels(), ([state, name]) => this.#expire(state, name, nowMs));
  }

  *#channels(): Iterable<readonly [AppHistory, ChannelName]> {
    for (const state of this.#apps.values()) {
      for (const name of state.positions.keys()) yield [state, name];
      for (const name of state.channels.keys()) yield [state, name];
    }
  }

  #app(app: AppId): AppHistory {
    let state = this.#apps.get(app);
    if (state === undefined) {
      state = { channels: new OldestFirst(), positions: new OldestFirst(), bytes: 0 };
      this.#apps.set(app, state);
    }
    return state;
  }

  /** Returns a channel, which the caller has to place. */
  #use(state: AppHistory, name: ChannelName, nowMs: number): ChannelHistory {
    this.#expire(state, name, nowMs);
    const known = channelOf(state, name);
    if (known !== undefined) return known;
    this.#count(state, costOf(name));
    return new ChannelHistory(this.#newEpoch(), nowMs);
  }

  #keepBudget(state: AppHistory): void {
    while (state.bytes > this.#budget.perApp) this.#forgetOldest(state);
    while (this.#bytes > this.#budget.total) this.#forgetOldest(this.#largest());
  }

  #expire(state: AppHistory, name: ChannelName, nowMs: number): void {
    const channel = channelOf(state, name);
    if (channel === undefined) return;
    const hadEvents = !channel.isEmpty;
    this.#shrink(state, channel, () => channel.expire(nowMs));
    if (channel.isOver(nowMs)) this.#forget(state, name);
    else if (hadEvents && channel.isEmpty) place(state, name, channel);
  }

  #forgetOldest(state: AppHistory): void {
    const oldest = state.positions.oldest ?? state.channels.oldest;
    if (oldest === undefined) return;
    this.#shrink(state, oldest.value, () => oldest.value.forgetOldest());
    if (oldest.value.isEmpty) this.#forget(state, oldest.key);
  }

  /** Lets a channel forget events. */
  #shrink(state: AppHistory, channel: ChannelHistory, forget: () => void): void {
    const before = channel.bytes;
    forget();
    this.#count(state, channel.bytes - before);
  }

  #forget(state: AppHistory, name: ChannelName): void {
    remove(state, name);
    this.#count(state, -costOf(name));
  }

  #count(state: AppHistory, bytes: number): void {
    state.bytes += bytes;
    this.#bytes += bytes;
  }

  #largest(): AppHistory {
    let largest: AppHistory = { channels: new OldestFirst(), positions: new OldestFirst(), bytes: 0 };
    for (const state of this.#apps.values()) if (state.bytes > largest.bytes) largest = state;
    return largest;
  }
}

function channelOf(state: AppHistory, name: ChannelName): ChannelHistory | undefined {
  return state.channels.get(name) ?? state.positions.get(name);
}

/** Puts a channel at the end of the map that it belongs to now. */
function place(state: AppHistory, name: ChannelName, channel: ChannelHistory): void {
  const map = channel.isEmpty ? state.positions : state.channels;
  if (map.get(name) !== undefined) return map.renew(name);
  remove(state, name);
  map.add(name, channel);
}

function remove(state: AppHistory, name: ChannelName): void {
  state.channels.delete(name);
  state.positions.delete(name);
}

function costOf(name: ChannelName): number {
  return channelBytes + name.length;
}

/** JavaScript engines store a character in one byte if all characters of the text are below U+0100, else in two. */
function textBytes(text: string): number {
  return wideCharacter.test(text) ? 2 * text.length : text.length;
}
