/** What opening an event gave. `malformed`: no key can help. Any other reason: a newer key might. */
export type Opening = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** What becomes of an event. */
export type Outcome<Item, Opened> =
  /** `late`: events that arrived after it were delivered before it. */
  | { readonly item: Item; readonly opened: Opened; readonly late: boolean }
  | { readonly item: Item; readonly dropped: "malformed" | "no-key" | "overflow" };

/** Bounds of a hold. Times are in milliseconds. */
export interface HoldLimits {
  /** How long an event waits for its key. */
  readonly holdMs: number;
  /** How long later events wait behind one that waits for its key. */
  readonly orderHoldMs: number;
  /** Most events that wait, and most characters of them. */
  readonly events: number;
  readonly characters: number;
}

interface Entry<Item, Result> {
  readonly item: Item;
  /** Place in the order of arrival, from 1. */
  readonly number: number;
  readonly characters: number;
  readonly arrivedAt: number;
  /** What opening it gave last. An opened event waits for an earlier one. */
  result: Result;
}

/** Events of one channel, in their order of arrival, while some of them cannot be opened yet. */
export interface OrderedHold<Item, Result> {
  /** When to call `advance`; undefined while nothing waits. */
  deadline(nowMs: number): number | undefined;
  /** Takes the next event; `characters` is how much room it takes while it waits. */
  push(item: Item, characters: number, nowMs: number): Outcome<Item, Result>[];
  /** Tries all waiting events again, oldest first: there are new keys. */
  retry(nowMs: number): Outcome<Item, Result>[];
  /** Lets go of everything whose time has come. */
  advance(nowMs: number): Outcome<Item, Result>[];
}

/**
 * Makes a hold. An event that cannot be opened holds up the later ones for `orderHoldMs`; then they overtake it, and while
 * it is overdue, further ones like it hold up nothing. Without its key it is dropped after `holdMs`. A hold neither reads
 * a clock nor sets one: callers pass the time, which must not go back.
 *
 * @param open tries all keys that there are.
 */
export function createOrderedHold<Item, Result extends Opening>(
  limits: HoldLimits,
  open: (item: Item) => Result,
): OrderedHold<Item, Result> {
  /** In order of arrival. The first always waits for its key, or it would have been delivered. */
  let entries: Entry<Item, Result>[] = [];
  let arrived = 0;
  let lastDelivered = 0;
  /** Events up to this number are overdue before their time, for want of room. */
  let hurried = 0;

  const holdsUp = ({ number, arrivedAt }: Entry<Item, Result>, nowMs: number): boolean =>
    number > hurried && nowMs < arrivedAt + limits.orderHoldMs;

  const isOverfull = (): boolean =>
    entries.length > limits.events || entries.reduce((sum, { characters }) => sum + characters, 0) > limits.characters;

  const advance = (nowMs: number): Outcome<Item, Result>[] => {
    const outcomes: Outcome<Item, Result>[] = [];
    const kept: Entry<Item, Result>[] = [];
    let heldUp = false;
    for (const entry of entries) {
      const { item, number, result } = entry;
      const isMalformed = !result.ok && result.reason === "malformed";
      if (isMalformed || (!result.ok && nowMs >= entry.arrivedAt + limits.holdMs)) {
        outcomes.push({ item, dropped: isMalformed ? "malformed" : "no-key" });
      } else if (!result.ok || heldUp) {
        // Whether later events are held up depends on the oldest one without a key alone.
        heldUp ||= !kept.length && holdsUp(entry, nowMs);
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
      return first && first.arrivedAt + (holdsUp(first, nowMs) ? limits.orderHoldMs : limits.holdMs);
    },
    push(item, characters, nowMs) {
      arrived += 1;
      entries.push({ item, number: arrived, characters, arrivedAt: nowMs, result: open(item) });
      const outcomes = advance(nowMs);
      if (isOverfull()) {
        // Order gives way before an event does.
        hurried = entries[0]?.number ?? 0;
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
