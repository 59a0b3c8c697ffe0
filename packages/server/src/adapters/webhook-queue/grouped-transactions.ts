import type { SqliteDatabase } from "./sqlite-database.ts";

interface Job {
  readonly work: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Runs everything that is asked for in one turn of the event loop in one transaction, because a commit waits for the
 * disk. A promise resolves once the commit is on the disk. If one piece of work throws, all of the turn are undone and
 * rejected.
 */
export class GroupedTransactions {
  readonly #database: SqliteDatabase;
  readonly #undone: () => void;
  #jobs: Job[] = [];

  /** @param undone called after a transaction was undone. */
  constructor(database: SqliteDatabase, undone: () => void) {
    this.#database = database;
    this.#undone = undone;
  }

  run<T>(work: () => T): Promise<T> {
    if (!this.#database.open) return Promise.reject(new Error("The queue is closed"));
    return new Promise<T>((resolve, reject) => {
      if (this.#jobs.length === 0) setImmediate(() => this.#commit());
      this.#jobs.push({ work, resolve: resolve as (value: unknown) => void, reject });
    });
  }

  #commit(): void {
    const jobs = this.#jobs;
    this.#jobs = [];
    try {
      const results = this.#database.transaction(() => jobs.map(({ work }) => work()))();
      for (const [index, { resolve }] of jobs.entries()) resolve(results[index]);
    } catch (error) {
      if (this.#database.open) this.#undone();
      for (const { reject } of jobs) reject(error);
    }
  }
}
