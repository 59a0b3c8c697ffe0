/** A body that is being read. */
export interface CountedBody {
  /** Counts memory that the body takes. It may be cut by this. */
  take(bytes: number): void;
  /** Releases everything that was counted. Further calls have no effect. */
  end(): void;
}

interface OpenBody extends CountedBody {
  readonly bytes: number;
  readonly cut: () => void;
}

/**
 * What the bodies of requests that are still being read may take together. Without it, clients that send large bodies
 * slowly, signed or not, could fill the memory. If the budget is used up, the bodies that began first are cut: a client
 * that finishes what it begins is never one of them for long.
 */
export class BodyBudget {
  readonly #limit: number;
  /** In the order in which they began. */
  readonly #bodies = new Set<OpenBody>();
  #taken = 0;

  /** @param limit in bytes. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Begins to count a body. `cut` is called at most once, if the body must be given up; it is then no longer counted. */
  begin(cut: () => void): CountedBody {
    let bytes = 0;
    const body: OpenBody = {
      cut,
      get bytes() {
        return bytes;
      },
      take: (more) => {
        if (!this.#bodies.has(body)) return;
        bytes += more;
        this.#taken += more;
        this.#cutOldest();
      },
      end: () => this.#forget(body),
    };
    this.#bodies.add(body);
    return body;
  }

  #cutOldest(): void {
    for (const body of this.#bodies) {
      if (this.#taken <= this.#limit) return;
      this.#forget(body);
      body.cut();
    }
  }

  #forget(body: OpenBody): void {
    if (this.#bodies.delete(body)) this.#taken -= body.bytes;
  }
}
