import type { SqliteDatabase } from "./sqlite-database.ts";

/** Version of the tables below; a file of a newer version is not opened. */
const version = 1;

const tables = `
  -- What is known of the things that events are about, and what is held back for them.
  CREATE TABLE subject (
    name TEXT PRIMARY KEY, channel TEXT NOT NULL, kind TEXT NOT NULL, due_ms INTEGER, text TEXT, targets TEXT
  ) WITHOUT ROWID;
  CREATE INDEX subject_due ON subject (due_ms) WHERE due_ms IS NOT NULL;

  -- Events of each target. The first one that waits in its channel is the channel's head, unless a delivery holds
  -- earlier ones; so the oldest events that may be taken are found however many others wait.
  CREATE TABLE event (
    id INTEGER PRIMARY KEY AUTOINCREMENT, target TEXT NOT NULL, channel TEXT NOT NULL, text TEXT NOT NULL,
    bytes INTEGER NOT NULL, is_head INTEGER NOT NULL, delivery TEXT
  );
  CREATE INDEX event_channel ON event (target, channel, id);
  CREATE INDEX event_head ON event (target, id) WHERE is_head = 1;
  CREATE INDEX event_delivery ON event (delivery) WHERE delivery IS NOT NULL;

  CREATE TABLE delivery (id TEXT PRIMARY KEY, target TEXT NOT NULL, time_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL);

  CREATE TABLE dead (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, target TEXT NOT NULL, time_ms INTEGER NOT NULL,
    failed_ms INTEGER NOT NULL, error TEXT NOT NULL, events TEXT NOT NULL
  );
  CREATE INDEX dead_target ON dead (target, number);

  CREATE TABLE attempt (
    number INTEGER PRIMARY KEY AUTOINCREMENT, delivery TEXT NOT NULL, target TEXT NOT NULL, at_ms INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL, status INTEGER, error TEXT, events INTEGER NOT NULL
  );
  CREATE INDEX attempt_target ON attempt (target, number);
`;

/**
 * Locks the file, creates the tables in a new one, and checks the version of an old one.
 *
 * @throws Error if another process uses the file, or a newer version of the server has written it.
 */
export function prepareSchema(database: SqliteDatabase): void {
  // Two processes that send from one queue would send everything twice. The lock ends with the process.
  database.pragma("locking_mode = EXCLUSIVE");
  // Commits wait for the disk, so that an accepted event survives a loss of power.
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = FULL");
  const found = (database.prepare("PRAGMA user_version").get() as { user_version: number }).user_version;
  if (found === version) return;
  if (found !== 0) {
    throw new Error(`its version is ${found}, this server knows version ${version}`);
  }
  database.exec(`BEGIN; ${tables} PRAGMA user_version = ${version}; COMMIT;`);
}
