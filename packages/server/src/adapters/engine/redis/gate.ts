/**
 * Holds requests back until they may begin, in the order of the calls: first until the gate is opened, later while an
 * exclusive task runs.
 */
export class Gate {
  /** Requests that wait; undefined: they begin at once. */
  #waiting: ((open: boolean) => void)[] | undefined = [];
  #state: "closed" | "open" | "failed" = "closed";
  /** Requests that wait or run. */
  #requests = 0;
  #running = 0;
  #whenQuiet: (() => void) | undefined;

  /** Whether requests begin, maybe after an exclusive task. */
  get isOpen(): boolean {
    return this.#state === "open";
  }

  /** Whether a request waits or runs. */
  get isUsed(): boolean {
    return this.#requests > 0;
  }

  /** Lets requests begin from now on. `false`: it cannot be opened, and requests begin with `false`. */
  open(open: boolean): void {
    this.#state = open ? "open" : "failed";
    this.#release();
  }

  /**
   * Runs a request when it may begin.
   *
   * @param begin is called with `false` if the gate has failed to open.
   */
  pass<T>(begin: (open: boolean) => Promise<T>): Promise<T> {
    this.#requests += 1;
    const waiting = this.#waiting;
    if (waiting === undefined) return this.#run(begin, this.isOpen);
    return new Promise((resolve, reject) => {
      waiting.push((open) => void this.#run(begin, open).then(resolve, reject));
    });
  }

  /**
   * Runs a task while no request runs; those that come meanwhile wait. Not before the gate is open, and not while another
   * exclusive task runs.
   */
  async exclusively<T>(task: () => Promise<T>): Promise<T> {
    this.#requests += 1;
    this.#waiting ??= [];
    try {
      if (this.#running > 0) await new Promise<void>((resolve) => (this.#whenQuiet = resolve));
      return await task();
    } finally {
      this.#requests -= 1;
      this.#release();
    }
  }

  async #run<T>(begin: (open: boolean) => Promise<T>, open: boolean): Promise<T> {
    this.#running += 1;
    try {
      return await begin(open);
    } finally {
      this.#ended();
    }
  }

  #release(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const run of waiting) run(this.isOpen);
  }

  #ended(): void {
    this.#requests -= 1;
    this.#running -= 1;
    if (this.#running > 0) return;
    this.#whenQuiet?.();
    this.#whenQuiet = undefined;
  }
}
