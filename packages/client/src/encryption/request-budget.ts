const minuteMs = 60_000;

/** Bounds how many requests begin within a minute. All times are milliseconds on one clock. */
export interface RequestBudget {
  /** Returns when the next request may begin; a time that has passed means at once. */
  earliest(): number;
  /** Records that a request begins. */
  begin(nowMs: number): void;
}

/** Creates a budget of `most` requests within any minute. */
export function createRequestBudget(most: number): RequestBudget {
  /** When the latest requests began, oldest first. */
  let starts: number[] = [];
  return {
    earliest: () => (starts.length < most ? 0 : (starts[0] ?? 0) + minuteMs),
    begin(nowMs) {
      starts = [...starts.slice(1 - most), nowMs];
    },
  };
}
