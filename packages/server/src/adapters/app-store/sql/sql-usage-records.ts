import type { AppId } from "@sealcast/protocol";
import { sql, type Kysely } from "kysely";
import { firstKeptDay, keptDays, type UsageDay } from "../../../core/monitoring/usage-day.ts";
import type { Unavailable } from "../../../ports/unavailable.ts";
import type { UsageRecords } from "../../../ports/usage-records.ts";
import type { AppTables } from "./app-tables.ts";

/** Keeps in a database what apps used. */
export class SqlUsageRecords implements UsageRecords {
  readonly #database: Kysely<AppTables>;
  readonly #failed: (error: unknown) => void;

  /** @param failed called with what went wrong when the database could not be reached. */
  constructor(database: Kysely<AppTables>, failed: (error: unknown) => void) {
    this.#database = database;
    this.#failed = failed;
  }

  async add(rows: readonly UsageDay[]): Promise<readonly number[] | Unavailable> {
    try {
      // All rows or none: what is answered "unavailable" is added again.
      return await this.#database.transaction().execute(async (database) => {
        // Processes that add at the same time wait for each other here.
        const lock = database.updateTable("sealcast_revision").set({ value: sql<number>`value` });
        await lock.where("name", "=", "apps").execute();
        const totals: number[] = [];
        for (const row of rows) totals.push(await addRow(database, row));
        return totals;
      });
    } catch (error) {
      this.#failed(error);
      return "unavailable";
    }
  }

  async days(app: AppId): Promise<readonly UsageDay[] | Unavailable> {
    try {
      const rows = this.#database.selectFrom("sealcast_usage").selectAll().where("app_id", "=", app);
      return (await rows.orderBy("day", "desc").limit(keptDays).execute()).map((row) => ({
        app,
        day: row.day,
        messages: Number(row.messages),
        peakConnections: Number(row.peak_connections),
      }));
    } catch (error) {
      this.#failed(error);
      return "unavailable";
    }
  }
}

/** Returns the messages of the app and day. */
async function addRow(database: Kysely<AppTables>, { app, day, messages, peakConnections }: UsageDay): Promise<number> {
  const found = await database
    .selectFrom("sealcast_usage")
    .selectAll()
    .where("app_id", "=", app)
    .where("day", "=", day)
    .executeTakeFirst();
  if (found === undefined) {
    const row = { app_id: app, day, messages, peak_connections: peakConnections };
    await database.insertInto("sealcast_usage").values(row).execute();
    const passed = database.deleteFrom("sealcast_usage").where("app_id", "=", app).where("day", "<", firstKeptDay(day));
    await passed.execute();
    return messages;
  }
  const total = Number(found.messages) + messages;
  const row = { messages: total, peak_connections: Math.max(Number(found.peak_connections), peakConnections) };
  await database.updateTable("sealcast_usage").set(row).where("app_id", "=", app).where("day", "=", day).execute();
  return total;
}
