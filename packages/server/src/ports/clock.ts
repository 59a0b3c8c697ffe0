/** Time and timers. Tests pass a clock that they move by hand. */
export interface Clock {
  /** Milliseconds since 1970. The operator or NTP may set this clock back or forward: for signatures and for people. */
  now(): number;
  /** Milliseconds since an arbitrary start. Never goes back: for durations, rates and time-outs. */
  monotonicNow(): number;
  /** Runs `task` once after `delayMs`. Returns a function that cancels it. Does not keep the process alive. */
  after(delayMs: number, task: () => void): () => void;
  /** Runs `task` every `periodMs`. Returns a function that stops it. Does not keep the process alive. */
  every(periodMs: number, task: () => void): () => void;
}
