/** Bodies up to this length arrive in one or two reads, and are not worth counting. */
const freeBytes = 64 * 1_024;

/**
 * What the bodies of requests that are still being read may take together. Without it, clients that send large bodies
 * slowly, signed or not, could fill the memory.
 */
export class BodyBudget {
  readonly #limit: number;
  #taken = 0;

  /** @param limit in bytes. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether a body of this declared length must be counted; one of unknown length must. */
  counts(length: string | null | undefined): boolean {
    return !(Number(length ?? Number.NaN) <= freeBytes);
  }

  /** Counts bytes that were read; false where there is no room for them. */
  take(bytes: number): boolean {
    this.#taken += bytes;
    return this.#taken <= this.#limit;
  }

  /** Gives back what was taken. */
  give(bytes: number): void {
    this.#taken -= bytes;
  }
}
