/** What the library needs from the runtime besides HTTP. Tests replace it in whole or in part. */
export interface Platform {
  /** Returns the Unix time in milliseconds. */
  now(): number;
  /** Returns the milliseconds since any fixed moment. Never goes back, unlike {@link Platform.now}. */
  elapsed(): number;
  /** Returns a number of at least 0 and below 1, for delays. Not for secrets. */
  random(): number;
  /** Returns bytes of a cryptographic generator. */
  randomBytes(length: number): Uint8Array;
  /** Resolves after this many milliseconds. */
  sleep(ms: number): Promise<void>;
}

/** The platform of every runtime that has Web Crypto and timers. */
export const webPlatform: Platform = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  random: () => Math.random(),
  randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};
