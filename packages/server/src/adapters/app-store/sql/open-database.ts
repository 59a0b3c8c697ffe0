import { Kysely, MysqlDialect, PostgresDialect, type Dialect } from "kysely";
import type { AppTables } from "./app-tables.ts";
import { databaseKind } from "./database-url.ts";
import { WaitingSqliteDialect, whenUnlocked } from "./waiting-sqlite.ts";

/** Connections to the database server. One is enough for the watching, one for a change at the same time. */
const connections = 2;
/** How long to wait for the database, in milliseconds. */
const answerMs = 5_000;

/** Opens a database; connects when it is first used. Loads the driver of its kind, and no other. */
export async function openDatabase(url: string): Promise<Kysely<AppTables>> {
  return new Kysely<AppTables>({ dialect: await dialectOf(url) });
}

function dialectOf(url: string): Promise<Dialect> {
  switch (databaseKind(url)) {
    case "sqlite":
      return sqlite(url.slice("sqlite:".length));
    case "postgresql":
      return postgresql(url);
    case "mysql":
      return mysql(url.replace(/^mariadb:/, "mysql:"));
  }
}

async function sqlite(path: string): Promise<Dialect> {
  const { default: Database } = await import("libsql");
  const database = new Database(path);
  try {
    await whenUnlocked(() => database.pragma("journal_mode = WAL"));
  } catch (error) {
    database.close();
    throw error;
  }
  return new WaitingSqliteDialect(database);
}

async function postgresql(url: string): Promise<Dialect> {
  const { default: pg } = await import("pg");
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: answerMs,
    query_timeout: answerMs,
    application_name: "sealcast",
  });
  // An idle connection that breaks; the next query opens another one.
  pool.on("error", () => undefined);
  return new PostgresDialect({ pool });
}

async function mysql(url: string): Promise<Dialect> {
  const { createPool } = await import("mysql2");
  return new MysqlDialect({
    pool: createPool({ uri: url, connectionLimit: connections, connectTimeout: answerMs, enableKeepAlive: true }),
  });
}
