import { appDatabaseError } from "./app-database-problem.ts";
import { migrateAppTables } from "./adapters/app-store/sql/app-migrations.ts";
import { databaseKind } from "./adapters/app-store/sql/database-url.ts";
import { openDatabase } from "./adapters/app-store/sql/open-database.ts";
import { sealAgain } from "./adapters/app-store/sql/seal-again.ts";
import { SqlAppRecords } from "./adapters/app-store/sql/sql-app-records.ts";
import { SqlAppStore } from "./adapters/app-store/sql/sql-app-store.ts";
import { SqlUsageRecords } from "./adapters/app-store/sql/sql-usage-records.ts";
import { createSecretBox } from "./adapters/secret-box/node-crypto.ts";
import { readApps } from "./config/read-apps.ts";
import { appCredentials } from "./config/schema.ts";
import type { ConfigProblem } from "./config/config-problem.ts";
import type { StatedSettings } from "./core/apps/app-record.ts";
import type { AppRecords } from "./ports/app-records.ts";
import type { AppStore } from "./ports/app-store.ts";
import type { Clock } from "./ports/clock.ts";
import type { UsageRecords } from "./ports/usage-records.ts";
import type { Log } from "./ports/log.ts";

/** Which database holds the apps, and how their secrets are encrypted there. */
export interface AppDatabaseSettings {
  readonly appDatabase: string;
  readonly appSecretKeys: string;
}

/** An open database of apps. */
export interface AppDatabase {
  readonly apps: AppStore;
  readonly records: AppRecords;
  readonly usage: UsageRecords;
  /** Returns what is wrong with settings, in words that hold no value; undefined: nothing. */
  problemOf(settings: StatedSettings): string | undefined;
  /** Looks for changes now, and not only every second. Resolves when `apps` has them. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the database of the apps, creates its tables or brings them up to date, and reads the apps.
 *
 * @throws {AppDatabaseError} if that fails.
 */
export async function openAppDatabase(settings: AppDatabaseSettings, clock: Clock, log: Log): Promise<AppDatabase> {
  const { appDatabase: url, appSecretKeys } = settings;
  const keys = appSecretKeys === "" ? [] : appSecretKeys.split(",").map((key) => Buffer.from(key, "base64"));
  const box = createSecretBox(keys);
  let database: Awaited<ReturnType<typeof openDatabase>> | undefined;
  try {
    const opened = (database = await openDatabase(url));
    await migrateAppTables(opened, databaseKind(url));
    const apps = new SqlAppStore({ database: opened, box, clock, log, readApp });
    await apps.start();
    await sealAgain(opened, box);
    const changed = (): Promise<void> => apps.refresh();
    const failed = (error: unknown): void => apps.failed(error);
    const records = new SqlAppRecords({ database: opened, box, clock, changed, failed });
    return {
      apps,
      records,
      usage: new SqlUsageRecords(opened, failed),
      problemOf,
      refresh: changed,
      async close() {
        await apps.close();
        await opened.destroy();
      },
    };
  } catch (error) {
    await database?.destroy();
    throw appDatabaseError(error);
  }
}

function readApp(entry: unknown): ReturnType<ConstructorParameters<typeof SqlAppStore>[0]["readApp"]> {
  const problems: ConfigProblem[] = [];
  const [app] = readApps([entry], (path) => path.replace(/^\[0\]\.?/, ""), problems);
  const [first] = problems;
  if (first === undefined && app !== undefined) return app;
  const { where: place = "", expected = "an app", got = "nothing" } = first ?? {};
  const where = place.replace(/ \(app ".*"\)$/, "");
  return { expected: where === "" ? expected : `${where}: ${expected}`, got };
}

/** Settings are checked as those of an app with valid credentials. */
function problemOf(settings: StatedSettings): string | undefined {
  const credential = Object.keys(appCredentials).find((name) => Object.hasOwn(settings, name));
  if (credential !== undefined) return `Invalid setting ${credential}: it is no setting`;
  const read = readApp({ ...settings, id: "1", key: "key", secret: "some-secret" });
  return "credentials" in read ? undefined : `Invalid setting ${read.expected}, got ${read.got}`;
}
