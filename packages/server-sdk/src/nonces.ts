import type { Platform } from "./platform.ts";

/** Creates nonces. */
export class Nonces {
  readonly #platform: Pick<Platform, "randomBytes">;
  #last: Uint8Array;

  /** @param bytes length of a nonce. */
  constructor(platform: Pick<Platform, "randomBytes">, bytes: number) {
    this.#platform = platform;
    this.#last = new Uint8Array(bytes);
  }

  /** Returns a new nonce. Throws if the generator repeats itself, as one that returns only zeros does. */
  next(): Uint8Array {
    const nonce = this.#platform.randomBytes(this.#last.length);
    if (nonce.every((byte, index) => byte === this.#last[index])) {
      throw new Error("Cannot seal: the random generator of this runtime repeats itself");
    }
    this.#last = nonce;
    return nonce;
  }
}
