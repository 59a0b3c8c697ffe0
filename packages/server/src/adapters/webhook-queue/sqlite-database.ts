import Database from "libsql";

/** An open database file. */
export type SqliteDatabase = Database.Database;

/** A prepared statement. */
export type SqliteStatement = Database.Statement;

/**
 * Opens a database file, and creates it if there is none.
 *
 * @throws Error if the file cannot be opened.
 */
export function openSqlite(path: string): SqliteDatabase {
  return new Database(path);
}
