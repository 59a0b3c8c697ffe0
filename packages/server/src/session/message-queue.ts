/**
 * The messages of one connection that wait while an earlier one is being handled, so that they are handled one at a time
 * and in order.
 */
export class MessageQueue {
  readonly #failed: (error: unknown) => void;
  /** Settles when everything that was added is handled; undefined while nothing is. */
  #work: Promise<void> | undefined;
  #count = 0;
  #length = 0;

  /** @param failed called with the error of each message whose handling failed. */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  /** Whether a message is being handled. */
  get isBusy(): boolean {
    return this.#work !== undefined;
  }

  /** Messages that are being handled or wait. */
  get count(): number {
    return this.#count;
  }

  /** Their length together, in characters. */
  get length(): number {
    return this.#length;
  }

  /** Handles a message of `length` after all earlier ones. */
  add(length: number, handle: () => void | Promise<void>): void {
    this.hold(length, (this.#work ?? Promise.resolve()).then(handle));
  }

  /** Makes later messages wait until `work` on a message of `length` is done. */
  hold(length: number, work: Promise<void>): void {
    this.#count += 1;
    this.#length += length;
    const settled = work.catch(this.#failed).finally(() => {
      this.#count -= 1;
      this.#length -= length;
      if (this.#work === settled) this.#work = undefined;
    });
    this.#work = settled;
  }
}
