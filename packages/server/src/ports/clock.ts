/** Time and timers. Tests pass a clock that they move by hand. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs `task` once after `delayMs`; the answer cancels it. Does not keep the process alive. */
  after(delayMs: number, task: () => void): () => void;
  /** Runs `task` every `periodMs`; the answer stops it. Does not keep the process alive. */
  every(periodMs: number, task: () => void): () => void;
}
