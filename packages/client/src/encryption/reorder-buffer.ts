/** The result of decrypting an event. `isFinal` tells after which reasons a newer key might help. */
export type Opening = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** What happened to an event. */
export type Outcome<Item, Opened> =
  /** `late`: events that arrived after it were delivered before it. */
  | { readonly item: Item; readonly opened: Opened; readonly late: boolean }
  /** `no-key`: its key did not arrive in time. `overflow`: too many events waited. Otherwise the final reason. */
  | { readonly item: Item; readonly dropped: string };

/** Bounds of a buffer. Times are in milliseconds. */
export interface BufferLimits {
  /** How long an event waits for its key. */
  readonly holdMs: number;
  /** How long later events wait behind an event that waits for its key. */
  readonly orderHoldMs: number;
  /** Most events that wait, and most characters in them. */
  readonly events: number;
  readonly characters: number;
}

interface Entry<Item, Result> {
  readonly item: Item;
  /** Position in the order of arrival, from 1. */
  readonly number: number;
  readonly characters: number;
  readonly arrivedAt: number;
  /** The latest result of decrypting it. A decrypted event waits for an earlier one. */
  result: Result;
}

/** The events of one channel, in their order of arrival, while some of them cannot be decrypted yet. */
export interface ReorderBuffer<Item, Result> {
  /** Returns when to call `advance`; undefined while nothing waits. */
  deadline(nowMs: number): number | undefined;
  /** Adds the next event; `characters` is its size while it waits. */
  push(item: Item, characters: number, nowMs: number): Outcome<Item, Result>[];
  /** Tries to decrypt all waiting events again, oldest first, after new keys have arrived. */
  retry(nowMs: number): Outcome<Item, Result>[];
  /** Releases the events whose time has come. */
  advance(nowMs: number): Outcome<Item, Result>[];
}

/**
 * Creates a buffer. An event that cannot be decrypted delays later ones for `orderHoldMs`; then they overtake it, and while
 * it is overdue, further events without a key delay nothing. Without its key it is dropped after `holdMs`. A buffer has no
 * clock and no timer: callers pass the time, which must not go back.
 *
 * @param open tries all known keys.
 * @param isFinal whether no key can help after this reason.
 */
export function createReorderBuffer<Item, Result extends Opening>(
  limits: BufferLimits,
  open: (item: Item) => Result,
  isFinal: (reason: string) => boolean = (reason) => reason === "malformed",
): ReorderBuffer<Item, Result> {
  /** In order of arrival. The first one always waits for its key, or it would have been delivered. */
  let entries: Entry<Item, Result>[] = [];
  let arrived = 0;
  let lastDelivered = 0;
  /** Events up to this number are overdue early, because the buffer was full. */
  let overdueUpTo = 0;

  const delaysOthers = ({ number, arrivedAt }: Entry<Item, Result>, nowMs: number): boolean =>
    number > overdueUpTo && nowMs < arrivedAt + limits.orderHoldMs;

  const isOverfull = (): boolean =>
    entries.length > limits.events || entries.reduce((sum, { characters }) => sum + characters, 0) > limits.characters;

  const advance = (nowMs: number): Outcome<Item, Result>[] => {
    const outcomes: Outcome<Item, Result>[] = [];
    const kept: Entry<Item, Result>[] = [];
    let isDelayed = false;
    for (const entry of entries) {
      const { item, number, result } = entry;
      const finalReason = !result.ok && isFinal(result.reason) ? result.reason : undefined;
      if (finalReason || (!result.ok && nowMs >= entry.arrivedAt + limits.holdMs)) {
        outcomes.push({ item, dropped: finalReason ?? "no-key" });
      } else if (!result.ok || isDelayed) {
        // Only the oldest event without a key decides whether later events are delayed.
        isDelayed ||= !kept.length && delaysOthers(entry, nowMs);
        kept.push(entry);
      } else {
        outcomes.push({ item, opened: result, late: number < lastDelivered });
        lastDelivered = Math.max(lastDelivered, number);
      }
    }
    entries = kept;
    return outcomes;
  };

  return {
    advance,
    deadline(nowMs) {
      const [first] = entries;
      return first && first.arrivedAt + (delaysOthers(first, nowMs) ? limits.orderHoldMs : limits.holdMs);
    },
    push(item, characters, nowMs) {
      arrived += 1;
      entries.push({ item, number: arrived, characters, arrivedAt: nowMs, result: open(item) });
      const outcomes = advance(nowMs);
      if (isOverfull()) {
        // Give up the order before dropping an event.
        overdueUpTo = entries[0]?.number ?? 0;
        outcomes.push(...advance(nowMs));
      }
      if (isOverfull()) {
        entries.pop();
        outcomes.push({ item, dropped: "overflow" });
      }
      return outcomes;
    },
    retry(nowMs) {
      for (const entry of entries) if (!entry.result.ok) entry.result = open(entry.item);
      return advance(nowMs);
    },
  };
}
