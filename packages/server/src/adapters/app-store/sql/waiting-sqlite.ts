import { SqliteDialect, SqliteDriver, type CompiledQuery, type DatabaseConnection, type Driver } from "kysely";
import type Database from "libsql";

/** How long to wait for another process that changes the file, in milliseconds. */
const waitMs = 5_000;
/** How often to try again, in milliseconds. */
const retryMs = 10;

/**
 * SQLite that waits between turns of the event loop while another process changes the file. Its own time-out would block the
 * thread, and every client of the server with it.
 */
export class WaitingSqliteDialect extends SqliteDialect {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    super({ database });
    this.#database = database;
  }

  override createDriver(): Driver {
    return new WaitingSqliteDriver(this.#database);
  }
}

/** Takes the lock of the file before everything that may write, so that nothing else fails because of it. */
class WaitingSqliteDriver extends SqliteDriver {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    super({ database });
    this.#database = database;
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    const connection = await super.acquireConnection();
    return {
      executeQuery: (query) =>
        this.#database.inTransaction || isRead(query)
          ? connection.executeQuery(query)
          : this.#inTransaction(() => connection.executeQuery(query)),
      streamQuery: (query, chunkSize) => connection.streamQuery(query, chunkSize),
    };
  }

  override async beginTransaction(): Promise<void> {
    // Not as a prepared statement: the library does not end one that has failed, and then nothing can be committed.
    await whenUnlocked(() => this.#database.exec("begin immediate"));
  }

  /** Runs one query in a transaction of its own. */
  async #inTransaction<T>(work: () => Promise<T>): Promise<T> {
    await this.beginTransaction();
    try {
      const result = await work();
      this.#database.exec("commit");
      return result;
    } catch (error) {
      this.#database.exec("rollback");
      throw error;
    }
  }
}

function isRead({ sql }: CompiledQuery): boolean {
  return /^\s*(?:select|pragma)\b/i.test(sql);
}

/** Runs work on a file, again and again as long as another process has locked it, for up to five seconds. */
export async function whenUnlocked<T>(work: () => T): Promise<T> {
  const endMs = performance.now() + waitMs;
  for (;;) {
    try {
      return work();
    } catch (error) {
      const isLocked = error instanceof Error && "code" in error && error.code === "SQLITE_BUSY";
      if (!isLocked || performance.now() > endMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  }
}
