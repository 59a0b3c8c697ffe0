import { createRequestBudget, type RequestBudget } from "./request-budget.ts";

/** Longest pause after the first request without a new key, and the longest pause at all, in milliseconds. */
const firstPauseMs = 250;
const longestPauseMs = 5_000;
/** Most requests of one channel within a minute. */
const maxPerMinute = 20;

/** Decides when to ask for new keys. All times are milliseconds on one clock. */
export interface RefreshSchedule {
  /** Returns when the next request may begin; infinity while one is under way. */
  earliest(): number;
  /** Records that a request begins. */
  begin(nowMs: number): void;
  /** Records that a request, or another authorization, has ended. `jitter`: at least 0 and below 1. */
  end(nowMs: number, broughtKeys: boolean, jitter: number): void;
  /** No event waits for a key any more: the next request counts as a first one. */
  reset(): void;
}

/**
 * Creates a schedule: the first request at once, the next ones after pauses that grow and are drawn at random from zero
 * up to their bound; one request at a time; at most 20 within a minute, whatever the server sends.
 *
 * @param shared the budget that all channels of a client share.
 */
export function createRefreshSchedule(shared: RequestBudget): RefreshSchedule {
  const own = createRequestBudget(maxPerMinute);
  let fruitless = 0;
  let notBefore = 0;
  let isUnderWay = false;

  return {
    earliest() {
      return isUnderWay ? Infinity : Math.max(notBefore, own.earliest(), shared.earliest());
    },
    begin(nowMs) {
      isUnderWay = true;
      own.begin(nowMs);
      shared.begin(nowMs);
    },
    end(nowMs, broughtKeys, jitter) {
      isUnderWay = false;
      fruitless = broughtKeys ? 0 : fruitless + 1;
      notBefore = fruitless && nowMs + jitter * Math.min(firstPauseMs * 2 ** (fruitless - 1), longestPauseMs);
    },
    reset() {
      fruitless = notBefore = 0;
    },
  };
}
