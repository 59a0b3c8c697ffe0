import Database from "libsql";

/** An open database file. */
export type SqliteDatabase = Database.Database;

/** A prepared statement. */
export type SqliteStatement = Database.Statement;

/** How long to wait for another process that still uses a file, in milliseconds: one that drains is about to end. */
const lockTimeoutMs = 5_000;

/**
 * Opens a database file, and creates it if there is none.
 *
 * @param prepare what is done with it first; the file is closed if that fails.
 * @throws Error with a message for operators if the file cannot be opened or prepared.
 */
export function openSqlite(
  path: string,
  prepare: (database: SqliteDatabase) => void = () => undefined,
): SqliteDatabase {
  let database: SqliteDatabase | undefined;
  try {
    database = new Database(path, { timeout: lockTimeoutMs });
    prepare(database);
    return database;
  } catch (error) {
    database?.close();
    const isLocked = error instanceof Error && "code" in error && error.code === "SQLITE_BUSY";
    const reason = isLocked ? "another process uses it" : error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot open ${path}: ${reason}`, { cause: error });
  }
}
