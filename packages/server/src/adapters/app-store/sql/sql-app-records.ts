import type { AppId, AppKey } from "@sealcast/protocol";
import { sql, type Kysely, type Transaction } from "kysely";
import type { AppCredential } from "../../../core/apps/app.ts";
import { maxLiveKeys, type AppRecord, type NewApp, type StatedSettings } from "../../../core/apps/app-record.ts";
import type { AppRecords } from "../../../ports/app-records.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { SecretBox } from "../../../ports/secret-box.ts";
import type { Unavailable } from "../../../ports/unavailable.ts";
import type { AppTables } from "./app-tables.ts";

/** What the records of a database work with. */
export interface SqlAppRecordsPorts {
  readonly database: Kysely<AppTables>;
  readonly box: SecretBox;
  readonly clock: Clock;
  /** Called after each change. */
  readonly changed: () => Promise<void>;
  /** Called with what went wrong when the database could not be reached. */
  readonly failed: (error: unknown) => void;
}

/** Changes apps in a database. */
export class SqlAppRecords implements AppRecords {
  readonly #ports: SqlAppRecordsPorts;

  constructor(ports: SqlAppRecordsPorts) {
    this.#ports = ports;
  }

  find(id: AppId): Promise<AppRecord | undefined | Unavailable> {
    return this.#attempt(async () => {
      const { database } = this.#ports;
      const app = await liveApp(database, id);
      if (app === undefined) return undefined;
      const keys = await database
        .selectFrom("sealcast_app_key")
        .selectAll()
        .where("app_id", "=", id)
        .orderBy("position")
        .execute();
      return {
        id,
        settings: JSON.parse(app.settings) as StatedSettings,
        createdMs: Number(app.created_ms),
        keys: keys.map((row) => ({
          key: row.key_name as AppKey,
          createdMs: Number(row.created_ms),
          lastUsedMs: row.last_used_ms === null ? undefined : Number(row.last_used_ms),
          retiredMs: row.retired_ms === null ? undefined : Number(row.retired_ms),
        })),
      };
    });
  }

  create({ id, settings, credential }: NewApp): ReturnType<AppRecords["create"]> {
    return this.#change(async (database, revision) => {
      const app = await database.selectFrom("sealcast_app").select("removed").where("id", "=", id).executeTakeFirst();
      if (app?.removed === 0) return "id-taken";
      if (await isTaken(database, credential.key)) return "key-taken";
      const row = { settings: JSON.stringify(settings), created_ms: this.#ports.clock.now(), revision, removed: 0 };
      if (app === undefined)
        await database
          .insertInto("sealcast_app")
          .values({ id, ...row })
          .execute();
      else await database.updateTable("sealcast_app").set(row).where("id", "=", id).execute();
      await this.#insertKey(database, id, credential, revision);
      return "created";
    });
  }

  changeSettings(
    id: AppId,
    change: (settings: StatedSettings) => StatedSettings,
  ): ReturnType<AppRecords["changeSettings"]> {
    return this.#change(async (database, revision) => {
      const app = await liveApp(database, id);
      if (app === undefined) return undefined;
      const settings = change(JSON.parse(app.settings) as StatedSettings);
      const row = { settings: JSON.stringify(settings), revision };
      await database.updateTable("sealcast_app").set(row).where("id", "=", id).execute();
      return settings;
    });
  }

  remove(id: AppId): ReturnType<AppRecords["remove"]> {
    return this.#change(async (database, revision) => {
      if ((await liveApp(database, id)) === undefined) return "unknown";
      await database.deleteFrom("sealcast_app_key").where("app_id", "=", id).execute();
      await database
        .updateTable("sealcast_app")
        .set({ settings: "{}", removed: 1, revision })
        .where("id", "=", id)
        .execute();
      return "removed";
    });
  }

  addKey(id: AppId, credential: AppCredential): ReturnType<AppRecords["addKey"]> {
    return this.#change(async (database, revision) => {
      if ((await liveApp(database, id)) === undefined) return "unknown";
      if ((await liveKeys(database, id)).length >= maxLiveKeys) return "too-many";
      if (await isTaken(database, credential.key)) return "key-taken";
      await this.#insertKey(database, id, credential, revision);
      await touch(database, id, revision);
      return "added";
    });
  }

  retireKey(id: AppId, key: AppKey): ReturnType<AppRecords["retireKey"]> {
    return this.#change(async (database, revision) => {
      const live = await liveKeys(database, id);
      if (!live.includes(key)) return "unknown";
      if (live.length === 1) return "last";
      const row = { secret: "", retired_ms: this.#ports.clock.now() };
      await database.updateTable("sealcast_app_key").set(row).where("key_name", "=", key).execute();
      await touch(database, id, revision);
      return "retired";
    });
  }

  async #insertKey(database: Database, id: AppId, { key, secret }: AppCredential, position: number): Promise<void> {
    const { box, clock } = this.#ports;
    await database
      .insertInto("sealcast_app_key")
      .values({
        key_name: key,
        app_id: id,
        secret: box.seal(secret, `${id} ${key}`),
        position,
        created_ms: clock.now(),
        last_used_ms: null,
        retired_ms: null,
      })
      .execute();
  }

  /** Runs a change in a transaction. The row of the revision is locked first, so that changes wait for each other. */
  #change<T>(work: (database: Transaction<AppTables>, revision: number) => Promise<T>): Promise<T | Unavailable> {
    return this.#attempt(async () => {
      const result = await this.#ports.database.transaction().execute(async (database) => {
        const revisions = database.updateTable("sealcast_revision").where("name", "=", "apps");
        await revisions.set({ value: sql<number>`value + 1` }).execute();
        const row = await database
          .selectFrom("sealcast_revision")
          .select("value")
          .where("name", "=", "apps")
          .executeTakeFirstOrThrow();
        return work(database, Number(row.value));
      });
      await this.#ports.changed();
      return result;
    });
  }

  async #attempt<T>(work: () => Promise<T>): Promise<T | Unavailable> {
    try {
      return await work();
    } catch (error) {
      this.#ports.failed(error);
      return "unavailable";
    }
  }
}

type Database = Kysely<AppTables>;

function liveApp(database: Database, id: AppId) {
  return database
    .selectFrom("sealcast_app")
    .selectAll()
    .where("id", "=", id)
    .where("removed", "=", 0)
    .executeTakeFirst();
}

async function liveKeys(database: Database, id: AppId): Promise<readonly string[]> {
  const keys = database.selectFrom("sealcast_app_key").select("key_name").where("app_id", "=", id);
  return (await keys.where("retired_ms", "is", null).execute()).map((row) => row.key_name);
}

async function isTaken(database: Database, key: AppKey): Promise<boolean> {
  const found = database.selectFrom("sealcast_app_key").select("key_name").where("key_name", "=", key);
  return (await found.executeTakeFirst()) !== undefined;
}

async function touch(database: Database, id: AppId, revision: number): Promise<void> {
  await database.updateTable("sealcast_app").set({ revision }).where("id", "=", id).execute();
}
