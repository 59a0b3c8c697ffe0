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

/**
 * Keeps events in their order of arrival while some of them cannot be opened yet. Such an event holds up the later ones
 * for `orderHoldMs`; then they overtake it, and while it is overdue, further ones like it hold up nothing. Without its key
 * it is dropped after `holdMs`. It neither reads a clock nor sets one: callers pass the time, which must not go back.
 */
export class OrderedHold<Item, Result extends Opening> {
  readonly #limits: HoldLimits;
  readonly #open: (item: Item) => Result;
  /** In order of arrival. The first always waits for its key, or it would have been delivered. */
  #entries: Entry<Item, Result>[] = [];
  #arrived = 0;
  #lastDelivered = 0;
  /** Events up to this number are overdue before their time, for want of room. */
  #hurried = 0;

  /** @param open tries all keys that there are. */
  constructor(limits: HoldLimits, open: (item: Item) => Result) {
    this.#limits = limits;
    this.#open = open;
  }

  /** When to call {@link OrderedHold.advance}; undefined while nothing waits. */
  deadline(nowMs: number): number | undefined {
    const first = this.#entries[0];
    return first && first.arrivedAt + (this.#holdsUp(first, nowMs) ? this.#limits.orderHoldMs : this.#limits.holdMs);
  }

  /**
   * Takes the next event.
   *
   * @param characters how much room it takes while it waits.
   */
  push(item: Item, characters: number, nowMs: number): Outcome<Item, Result>[] {
    this.#arrived += 1;
    this.#entries.push({ item, number: this.#arrived, characters, arrivedAt: nowMs, result: this.#open(item) });
    const outcomes = this.advance(nowMs);
    if (this.#isOverfull()) {
      // Order gives way before an event does.
      this.#hurried = this.#entries[0]?.number ?? 0;
      outcomes.push(...this.advance(nowMs));
    }
    if (this.#isOverfull()) {
      this.#entries.pop();
      outcomes.push({ item, dropped: "overflow" });
    }
    return outcomes;
  }

  /** Tries all waiting events again, oldest first: there are new keys. */
  retry(nowMs: number): Outcome<Item, Result>[] {
    for (const entry of this.#entries) if (!entry.result.ok) entry.result = this.#open(entry.item);
    return this.advance(nowMs);
  }

  /** Lets go of everything whose time has come. */
  advance(nowMs: number): Outcome<Item, Result>[] {
    const outcomes: Outcome<Item, Result>[] = [];
    const kept: Entry<Item, Result>[] = [];
    let heldUp = false;
    for (const entry of this.#entries) {
      const { item, number, result } = entry;
      const isMalformed = !result.ok && result.reason === "malformed";
      if (isMalformed || (!result.ok && nowMs >= entry.arrivedAt + this.#limits.holdMs)) {
        outcomes.push({ item, dropped: isMalformed ? "malformed" : "no-key" });
      } else if (!result.ok || heldUp) {
        // Whether later events are held up depends on the oldest one without a key alone.
        heldUp ||= !kept.length && this.#holdsUp(entry, nowMs);
        kept.push(entry);
      } else {
        outcomes.push({ item, opened: result, late: number < this.#lastDelivered });
        this.#lastDelivered = Math.max(this.#lastDelivered, number);
      }
    }
    this.#entries = kept;
    return outcomes;
  }

  /** Forgets all waiting events. */
  clear(): void {
    this.#entries = [];
  }

  #holdsUp({ number, arrivedAt }: Entry<Item, Result>, nowMs: number): boolean {
    return number > this.#hurried && nowMs < arrivedAt + this.#limits.orderHoldMs;
  }

  #isOverfull(): boolean {
    const characters = this.#entries.reduce((sum, entry) => sum + entry.characters, 0);
    return this.#entries.length > this.#limits.events || characters > this.#limits.characters;
  }
}
