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

/** Share of the budget that signed bodies leave to the others. */
const unsignedShare = 1 / 8;

/** Bodies in the order in which they began, and the memory that they take. */
interface OpenBodies {
  readonly all: Set<OpenBody>;
  bytes: number;
}

/**
 * What the bodies of requests that are still being read may take together. Without it, clients that send large bodies
 * slowly, signed or not, could fill the memory. If the budget is used up, bodies without a checked signature are cut before
 * signed ones, so that strangers cut no upload of an app; but an eighth of the budget is theirs, so that uploads of an app
 * do not keep strangers out. Of each kind, those that began first are cut: a client that finishes what it begins is never
 * one of them for long.
 */
export class BodyBudget {
  readonly #limit: number;
  readonly #unsigned: OpenBodies = { all: new Set(), bytes: 0 };
  readonly #signed: OpenBodies = { all: new Set(), bytes: 0 };

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
        if (!bodies.all.has(body)) return;
        bytes += more;
        bodies.bytes += more;
        this.#cutOldest();
      },
      end: () => forget(body, bodies),
    };
    bodies.all.add(body);
    return body;
  }

  #cutOldest(): void {
    const [unsigned, signed] = [this.#unsigned, this.#signed];
    while (unsigned.bytes + signed.bytes > this.#limit) {
      const bodies = unsigned.bytes > this.#limit * unsignedShare ? unsigned : signed;
      const [oldest] = bodies.all;
      if (oldest === undefined) return;
      forget(oldest, bodies);
      oldest.cut();
    }
  }
}

function forget(body: OpenBody, bodies: OpenBodies): void {
  if (bodies.all.delete(body)) bodies.bytes -= body.bytes;
}
