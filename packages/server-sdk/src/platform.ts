/** What the library needs from the runtime besides HTTP. Replaced as a whole or in part by tests. */
export interface Platform {
  /** Unix time in milliseconds. */
  now(): number;
  /** A number of at least 0 and below 1, for delays; not for secrets. */
  random(): number;
  /** Bytes from a cryptographic generator. */
  randomBytes(length: number): Uint8Array;
  sleep(ms: number): Promise<void>;
}

/** The platform of every runtime that has Web Crypto and timers. */
export const webPlatform: Platform = {
  now: () => Date.now(),
  random: () => Math.random(),
  randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};
