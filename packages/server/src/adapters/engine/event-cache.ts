import type { ChannelName } from "@sealcast/protocol";
import type { CachedEvent } from "../../ports/engine.ts";

/**
 * The last event of each cache channel of one app. What does not fit makes room by forgetting the oldest: channels are
 * free to name, so publishers could fill any memory before the first event has had its time.
 */
export class EventCache {
  readonly #maxLength: number;
  /** In the order of publishing. */
  readonly #events = new Map<ChannelName, CachedEvent>();
  #length = 0;

  /** @param maxLength most characters that all events may hold together. */
  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  /** The event that the channel keeps, unless its time is over. */
  get(channel: ChannelName, nowMs: number): CachedEvent | undefined {
    const event = this.#events.get(channel);
    return event !== undefined && event.expiresAtMs > nowMs ? event : undefined;
  }

  /** Keeps the event in place of the one before. */
  set(channel: ChannelName, event: CachedEvent): void {
    this.#delete(channel);
    this.#events.set(channel, event);
    this.#length += lengthOf(event);
    for (const oldest of this.#events.keys()) {
      if (this.#length <= this.#maxLength) return;
      this.#delete(oldest);
    }
  }

  /** Lets go of events whose time is over. */
  sweep(nowMs: number): void {
    for (const [channel, event] of this.#events) if (event.expiresAtMs <= nowMs) this.#delete(channel);
  }

  #delete(channel: ChannelName): void {
    const event = this.#events.get(channel);
    if (event === undefined) return;
    this.#events.delete(channel);
    this.#length -= lengthOf(event);
  }
}

function lengthOf({ message, data }: CachedEvent): number {
  return message.length + data.length;
}
