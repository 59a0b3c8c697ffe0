import { ifLater, type Awaitable } from "./awaitable.ts";

/** The turns of the event loop. All work of a process shares their time. */
export interface Turns {
  /** Whether this turn has time for more work. */
  hasTime(): boolean;
  /** Resolves in a later turn that has time. */
  next(): Promise<void>;
}

/** The end of a turn, at which its deliveries leave. */
export interface TurnEnd {
  /**
   * Lets everything go first that `setImmediate` has scheduled so far. Only the first call in a turn counts, so that
   * deliveries always leave.
   */
  letOthersGoFirst(): void;
}

/** Turns without an end, for tests and for small work. */
export const oneTurn: Turns = { hasTime: () => true, next: () => Promise.resolve() };

/**
 * Calls `work` for each item, in as many turns of the event loop as that needs, so that others are served in between. Returns
 * undefined if one turn was enough.
 *
 * @param items may change while turns pass: a `Map` or a `Set` visits what is added and leaves out what is deleted.
 * @param work one piece of work, short enough for a turn. If it throws, nothing else is done.
 */
export function inTurns<T>(turns: Turns, items: Iterable<T>, work: (item: T) => void): Awaitable<void> {
  const rest = items[Symbol.iterator]();
  let left = Array.isArray(items) ? items.length : Number.POSITIVE_INFINITY;

  /** Works until the turn has no time left. Returns whether everything is done. */
  function worked(): boolean {
    for (;;) {
      if (left === 0) return true;
      const next = rest.next();
      if (next.done === true) return true;
      work(next.value);
      left -= 1;
      // The last item of a list needs no time for another one.
      if (left > 0 && !turns.hasTime()) return false;
    }
  }

  async function workLater(): Promise<void> {
    do await turns.next();
    while (!worked());
  }

  return worked() ? undefined : workLater();
}

/**
 * Returns a function that starts `work`. If what it started before is not done yet, it starts `work` again when that is
 * done, once.
 */
export function oneAtATime(work: () => Awaitable<void>): () => void {
  let state: "idle" | "working" | "wanted again" = "idle";
  function ended(): void {
    const isWanted = state === "wanted again";
    state = "idle";
    if (isWanted) start();
  }
  function start(): void {
    if (state !== "idle") {
      state = "wanted again";
      return;
    }
    ifLater(work(), (later) => {
      state = "working";
      void later.finally(ended);
    });
  }
  return start;
}
