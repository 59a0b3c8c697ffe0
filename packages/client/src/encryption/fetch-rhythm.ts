/** Longest pause after the first fetch that brought nothing, and the longest at all, in milliseconds. */
const firstPauseMs = 250;
const longestPauseMs = 5_000;
/** Never more than this many fetches within a minute. */
const mostPerMinute = 20;
const minuteMs = 60_000;

/** Says when to ask for new keys. All times are milliseconds on one clock. */
export interface FetchRhythm {
  /** When the next fetch may begin; infinity while one is under way. */
  earliest(): number;
  /** A fetch begins. */
  begin(nowMs: number): void;
  /** A fetch, or another authorization, has ended. `jitter`: at least 0 and below 1. */
  end(nowMs: number, broughtKeys: boolean, jitter: number): void;
  /** Nothing waits for keys any more: the next fetch is a first one again. */
  rest(): void;
}

/**
 * Makes a rhythm: at once, then after pauses that grow and are drawn at random from zero up to their bound, one fetch at
 * a time, and never more than twenty in a minute, whatever the server makes us do.
 */
export function createFetchRhythm(): FetchRhythm {
  /** When the last fetches began, oldest first. */
  let starts: number[] = [];
  let fruitless = 0;
  let notBefore = 0;
  let isUnderWay = false;

  return {
    earliest() {
      if (isUnderWay) return Infinity;
      return Math.max(notBefore, starts.length < mostPerMinute ? 0 : (starts[0] ?? 0) + minuteMs);
    },
    begin(nowMs) {
      isUnderWay = true;
      starts = [...starts.slice(1 - mostPerMinute), nowMs];
    },
    end(nowMs, broughtKeys, jitter) {
      isUnderWay = false;
      fruitless = broughtKeys ? 0 : fruitless + 1;
      notBefore = fruitless && nowMs + jitter * Math.min(firstPauseMs * 2 ** (fruitless - 1), longestPauseMs);
    },
    rest() {
      fruitless = notBefore = 0;
    },
  };
}
