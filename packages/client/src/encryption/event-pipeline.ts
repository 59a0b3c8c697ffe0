import type {
  DecryptionErrorReason,
  DecryptorPorts,
  DecryptorSettings,
  EncryptionCounters,
} from "../channels/event-decryptor.ts";
import { createRefreshSchedule } from "./refresh-schedule.ts";
import { createReorderBuffer, type Outcome } from "./reorder-buffer.ts";
import { createRequestBudget, type RequestBudget } from "./request-budget.ts";

/** Why an event was not decrypted. */
interface Failure {
  readonly ok: false;
  readonly reason: string;
}

/** What an encryption scheme does with the events of a pipeline. */
export interface EventScheme<Item, Opened extends { readonly ok: true }> {
  /** Decrypts an event with all known keys. */
  readonly open: (item: Item) => Opened | Failure;
  /** Whether no key can help after this reason. */
  readonly isFinal: (reason: string) => boolean;
  /** Delivers a decrypted event, or returns why it is dropped. */
  readonly deliver: (item: Item, opened: Opened, late: boolean) => DecryptionErrorReason | undefined;
}

/** Decrypts events in order, holds those whose key is not known yet, and asks for keys when it is time. */
export interface EventPipeline<Item> {
  /** Takes an event; `characters` is its size while it waits. */
  push(item: Item, characters: number): void;
  /** A request for keys has succeeded. `refreshMs`: when to ask again; `switchMs`: when publishers change the key. */
  keysAdded(hasNew: boolean, refreshMs?: number, switchMs?: number): void;
  /** A request for keys has failed. */
  refreshFailed(): void;
  /** Tries to decrypt all waiting events again. */
  retry(): void;
  /** Whether client events can be encrypted now: the keys are fresh, and no change of the key is near. Asks for new keys. */
  canSeal(): boolean;
  stop(): void;
}

/** Most events, and most characters in them, that wait for a key. */
const capacity = { events: 256, characters: 1_048_576 };
/** Keys are requested again after this part of their lifetime, so that they never become too old to encrypt with. */
const refreshAfter = 0.9;
/** No client event is encrypted this long before and after publishers change the key, in milliseconds. */
const switchPauseMs = 1_000;
/** Pause before keys are requested again after a refresh that failed, and the longest time that timers support. */
const refreshPauseMs = 60_000;
const longestTimerMs = 2 ** 31 - 1;
/** Most requests for keys of all channels of one client within a minute. */
const maxPerClientAndMinute = 60;

const now = (): number => performance.now();

/** One budget per client: all its channels have the same settings object. */
const budgets = new WeakMap<DecryptorSettings, RequestBudget>();
function budgetOf(settings: DecryptorSettings): RequestBudget {
  const budget = budgets.get(settings) ?? createRequestBudget(maxPerClientAndMinute);
  budgets.set(settings, budget);
  return budget;
}

/** Creates the pipeline of one channel: connects reorder buffer and schedule with the clock of the runtime. */
export function createEventPipeline<Item extends { readonly event: string }, Opened extends { readonly ok: true }>(
  settings: DecryptorSettings,
  counters: EncryptionCounters,
  ports: Pick<DecryptorPorts, "drop" | "fetch">,
  { open, isFinal, deliver }: EventScheme<Item, Opened>,
): EventPipeline<Item> {
  const { holdMs = 60_000, orderHoldMs = 2_000 } = settings;
  const schedule = createRefreshSchedule(budgetOf(settings));
  const buffer = createReorderBuffer({ holdMs, orderHoldMs, ...capacity }, open, isFinal);
  const advanceTimer = createTimer();
  const fetchTimer = createTimer();
  const refreshTimer = createTimer();
  /** When the keys are too old to encrypt with. */
  let staleAt = Infinity;
  /** When publishers change the key; the latest change that was announced. */
  let switchAt = Infinity;
  let isStopped = false;

  const fetch = (): void => {
    schedule.begin(now());
    counters.fetches += 1;
    ports.fetch();
  };

  /** Requests keys before the current ones are too old. */
  const refresh = (): void => {
    refreshTimer(refresh, refreshPauseMs);
    if (schedule.earliest() <= now()) fetch();
  };

  /** Sets the timers for the events that wait, and requests keys if it is time. */
  const scheduleNext = (): void => {
    const deadline = buffer.deadline(now());
    if (deadline === undefined) {
      schedule.reset();
      advanceTimer();
      fetchTimer();
      return;
    }
    advanceTimer(() => settle(buffer.advance(now())), deadline - now());
    const pause = schedule.earliest() - now();
    if (pause <= 0) fetch();
    else if (pause < Infinity) fetchTimer(scheduleNext, pause);
  };

  const drop = (reason: DecryptionErrorReason, { event }: Item): void => {
    counters.dropped[reason] = (counters.dropped[reason] ?? 0) + 1;
    ports.drop({ reason, event });
  };

  const handle = (outcome: Outcome<Item, Opened | Failure>): void => {
    const { item } = outcome;
    if ("dropped" in outcome) return drop(outcome.dropped as DecryptionErrorReason, item);
    const { opened, late } = outcome;
    const reason = opened.ok ? deliver(item, opened, late) : undefined;
    if (reason) drop(reason, item);
  };

  /** Handles due events even if a listener throws, then sets the timers. */
  const settle = ([outcome, ...rest]: readonly Outcome<Item, Opened | Failure>[]): void => {
    // A listener may leave the channel. It then receives no more events.
    if (isStopped) return;
    if (!outcome) return scheduleNext();
    try {
      handle(outcome);
    } finally {
      settle(rest);
    }
  };

  return {
    push(item, characters) {
      const outcomes = buffer.push(item, characters, now());
      if (!outcomes.some((outcome) => outcome.item === item)) counters.held += 1;
      settle(outcomes);
    },
    keysAdded(hasNew, refreshMs = Infinity, switchMs = Infinity) {
      schedule.end(now(), hasNew, Math.random());
      staleAt = now() + Math.min(refreshMs, switchMs);
      if (switchMs < Infinity) switchAt = now() + switchMs;
      if (refreshMs < Infinity) refreshTimer(refresh, refreshMs * refreshAfter);
      settle(hasNew ? buffer.retry(now()) : []);
    },
    refreshFailed() {
      schedule.end(now(), false, Math.random());
      settle([]);
    },
    retry() {
      settle(buffer.retry(now()));
    },
    canSeal() {
      if (now() > staleAt) refresh();
      return now() <= staleAt && Math.abs(now() - switchAt) >= switchPauseMs;
    },
    stop() {
      isStopped = true;
      advanceTimer();
      fetchTimer();
      refreshTimer();
    },
  };
}

/** Creates a restartable timer: a call replaces what the timer runs, or stops it if there is nothing to run. */
function createTimer(): (run?: () => void, ms?: number) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (run, ms = 0) => {
    clearTimeout(timer);
    if (run) timer = setTimeout(run, Math.min(ms, longestTimerMs));
  };
}
