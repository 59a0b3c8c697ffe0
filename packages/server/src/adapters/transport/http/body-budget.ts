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
 * slowly, signed or not, could fill the memory. If the budget is used up, bodies without a checked signature are cut before
 * signed ones, so that strangers cut no upload of an app. Among each, those that began first are cut: a client that finishes
 * what it begins is never one of them for long.
 */
export class BodyBudget {
  readonly #limit: number;
  /** In the order in which they began. */
  readonly #unsigned = new Set<OpenBody>();
  readonly #signed = new Set<OpenBody>();
  #taken = 0;

  /** @param limit in bytes. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Begins to count a body.
   *
   * @param isSigned whether the head of its request has a signature, and it is right.
   * @param cut called at most once, if the body must be given up; it is then no longer counted.
   */
  begin(isSigned: boolean, cut: () => void): CountedBody {
    const bodies = isSigned ? this.#signed : this.#unsigned;
    let bytes = 0;
    const body: OpenBody = {
      cut,
      get bytes() {
        return bytes;
      },
      take: (more) => {
        if (!bodies.has(body)) return;
        bytes += more;
        this.#taken += more;
        this.#cutOldest(this.#unsigned);
        this.#cutOldest(this.#signed);
      },
      end: () => this.#forget(body, bodies),
    };
    bodies.add(body);
    return body;
  }

  #cutOldest(bodies: Set<OpenBody>): void {
    for (const body of bodies) {
      if (this.#taken <= this.#limit) return;
      this.#forget(body, bodies);
      body.cut();
    }
  }

  #forget(body: OpenBody, bodies: Set<OpenBody>): void {
    if (bodies.delete(body)) this.#taken -= body.bytes;
  }
}
