import { Migrator, sql, type Kysely, type Migration, type MigrationResultSet, type RawBuilder } from "kysely";
import type { AppTables } from "./app-tables.ts";
import type { DatabaseKind } from "./database-url.ts";

const migrationTable = "sealcast_migration";

/** How the tables of a database differ from those of this version. */
export interface TableDifferences {
  /** Steps of this version that were not made. */
  readonly missing: readonly string[];
  /** Whether no step was made at all. */
  readonly isNew: boolean;
  /** Whether a newer version has made steps that this one does not know. */
  readonly isNewer: boolean;
}

/**
 * Compares the tables with those of this version. Changes nothing.
 *
 * @param known names of all steps. Default: those of this version.
 */
export async function compareAppTables(
  database: Kysely<AppTables>,
  kind: DatabaseKind,
  known: readonly string[] = Object.keys(migrationsFor(kind)),
): Promise<TableDifferences> {
  const tables = await database.introspection.getTables({ withInternalKyselyTables: true });
  const rows = tables.some(({ name }) => name === migrationTable)
    ? await database
        .withTables<{ [migrationTable]: { readonly name: string } }>()
        .selectFrom(migrationTable)
        .select("name")
        .execute()
    : [];
  const made = new Set(rows.map(({ name }) => name));
  return {
    missing: known.filter((name) => !made.has(name)),
    isNew: made.size === 0,
    isNewer: [...made].some((name) => !known.includes(name)),
  };
}

/**
 * Creates the tables, or brings those of an older version up to date. Servers that start at the same time wait for each
 * other.
 *
 * @throws Error with a message for operators: a step failed, or a newer version of the server has changed the tables.
 */
export async function migrateAppTables(database: Kysely<AppTables>, kind: DatabaseKind): Promise<void> {
  const migrations = migrationsFor(kind);
  const { error, results = [] }: MigrationResultSet = await new Migrator({
    db: database,
    provider: { getMigrations: () => Promise.resolve(migrations) },
    migrationTableName: migrationTable,
    migrationLockTableName: "sealcast_migration_lock",
  }).migrateToLatest();
  if (error === undefined) return;
  const reason = error instanceof Error ? error.message : "no answer";
  const failed = results.find(({ status }) => status === "Error");
  if (failed !== undefined)
    throw new Error(`step ${failed.migrationName} of the tables failed: ${reason}`, { cause: error });
  if (reason.startsWith("corrupted migrations")) {
    throw new Error("tables that a newer version of the server has changed", { cause: error });
  }
  throw error;
}

/** Names are compared byte by byte, as everywhere else; by default, MySQL ignores case. */
function migrationsFor(kind: DatabaseKind): Record<string, Migration> {
  const isMysql = kind === "mysql";
  const name: RawBuilder<unknown> = isMysql
    ? sql`varchar(100) character set ascii collate ascii_bin`
    : sql`varchar(100)`;
  const secret = isMysql ? sql`varchar(1000) character set ascii collate ascii_bin` : sql`varchar(1000)`;
  const json = isMysql ? sql`mediumtext character set utf8mb4` : sql`text`;
  return {
    "0001_apps": {
      async up(db: Kysely<unknown>) {
        await db.schema
          .createTable("sealcast_app")
          .addColumn("id", name, (column) => column.primaryKey())
          .addColumn("settings", json, (column) => column.notNull())
          .addColumn("created_ms", "bigint", (column) => column.notNull())
          .addColumn("revision", "bigint", (column) => column.notNull())
          .addColumn("removed", "integer", (column) => column.notNull())
          .execute();
        await db.schema.createIndex("sealcast_app_revision").on("sealcast_app").column("revision").execute();
        await db.schema
          .createTable("sealcast_app_key")
          .addColumn("key_name", name, (column) => column.primaryKey())
          .addColumn("app_id", name, (column) => column.notNull())
          .addColumn("secret", secret, (column) => column.notNull())
          .addColumn("position", "bigint", (column) => column.notNull())
          .addColumn("created_ms", "bigint", (column) => column.notNull())
          .addColumn("last_used_ms", "bigint")
          .addColumn("retired_ms", "bigint")
          .execute();
        await db.schema.createIndex("sealcast_app_key_app").on("sealcast_app_key").column("app_id").execute();
        await db.schema
          .createTable("sealcast_revision")
          .addColumn("name", name, (column) => column.primaryKey())
          .addColumn("value", "bigint", (column) => column.notNull())
          .execute();
        await sql`insert into sealcast_revision (name, value) values ('apps', 0)`.execute(db);
        await db.schema
          .createTable("sealcast_usage")
          .addColumn("app_id", name, (column) => column.notNull())
          .addColumn("day", "varchar(10)", (column) => column.notNull())
          .addColumn("messages", "bigint", (column) => column.notNull())
          .addColumn("peak_connections", "bigint", (column) => column.notNull())
          .addPrimaryKeyConstraint("sealcast_usage_key", ["app_id", "day"])
          .execute();
      },
    },
  };
}
