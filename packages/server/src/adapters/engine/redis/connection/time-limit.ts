interface Pending {
  readonly endsMs: number;
  readonly reject: (error: Error) => void;
}

/** Limits how long answers may take. One timer is for all: one for each answer costs more than most answers do. */
export class TimeLimit {
  readonly #ms: number;
  readonly #late: () => Error;
  /** Oldest first. */
  readonly #pending = new Set<Pending>();
  #isTimed = false;

  /**
   * @param ms longest wait, in milliseconds.
   * @param late makes the error of an answer that takes longer.
   */
  constructor(ms: number, late: () => Error) {
    this.#ms = ms;
    this.#late = late;
  }

  /** Returns the answer, or a rejection once it is late. */
  within<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = this.begin(reject);
      answer.then(end, end);
      answer.then(resolve, reject);
    });
  }

  /** Calls `reject` with an error once an answer is late. Returns a function to call when it has come. */
  begin(reject: (error: Error) => void): () => void {
    const pending = { endsMs: performance.now() + this.#ms, reject };
    this.#pending.add(pending);
    if (!this.#isTimed) this.#time(this.#ms);
    return () => void this.#pending.delete(pending);
  }

  /** Looks again later. The timer keeps no process alive: the connection does. */
  #time(ms: number): void {
    this.#isTimed = true;
    setTimeout(() => this.#check(), Math.ceil(ms)).unref();
  }

  #check(): void {
    this.#isTimed = false;
    const nowMs = performance.now();
    for (const pending of this.#pending) {
      if (pending.endsMs > nowMs) return this.#time(pending.endsMs - nowMs);
      this.#pending.delete(pending);
      pending.reject(this.#late());
    }
  }
}
