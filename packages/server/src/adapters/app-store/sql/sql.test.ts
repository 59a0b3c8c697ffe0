import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AppId, AppKey } from "@sealcast/protocol";
import { FakeClock, silentLog } from "@sealcast/server-testing";
import { appRecordsContract, appStoreContract, usageRecordsContract } from "@sealcast/server-testing/contracts";
import { describeWithSqlServers, type SqlServer } from "@sealcast/server-testing/sql-servers";
import Database from "libsql";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { AppDatabaseError } from "../../../core/errors/app-database-error.ts";
import type { App } from "../../../core/apps/app.ts";
import type { LogFields } from "../../../ports/log.ts";
import { openAppDatabase, type AppDatabase } from "../../../open-app-database.ts";
import { compareAppTables } from "./app-migrations.ts";
import { databaseKind } from "./database-url.ts";
import { openDatabase } from "./open-database.ts";

const open: AppDatabase[] = [];
const clock = new FakeClock();
const lines: [string, LogFields][] = [];
const note = (event: string, fields: LogFields = {}): void => void lines.push([event, fields]);
const log = { ...silentLog, info: note, error: note };
const [firstKey, secondKey] = [Buffer.alloc(32, 1).toString("base64"), Buffer.alloc(32, 2).toString("base64")];

async function openApps(appDatabase: string, appSecretKeys = ""): Promise<AppDatabase> {
  const database = await openAppDatabase({ appDatabase, appSecretKeys }, clock, log);
  open.push(database);
  return database;
}

afterEach(async () => {
  for (const database of open.splice(0)) await database.close();
  lines.length = 0;
});

/** Removes every app, so that the next test begins with an empty database; removes the tables if a test spoiled them. */
async function empty(url: string): Promise<void> {
  const database = await openDatabase(url);
  const tables = await database.introspection.getTables({ withInternalKyselyTables: true });
  const names = new Set(tables.map(({ name }) => name).filter((name) => name.startsWith("sealcast_")));
  if (spoiled.has(url)) {
    for (const name of names) await database.schema.dropTable(name).execute();
    spoiled.delete(url);
  } else if (names.size > 0) {
    for (const name of ["sealcast_app", "sealcast_app_key", "sealcast_usage"] as const)
      await database.deleteFrom(name).execute();
    await database.updateTable("sealcast_revision").set({ value: 0 }).execute();
  }
  await database.destroy();
}

/** Databases whose tables a test has changed. */
const spoiled = new Set<string>();

/** Lets the polling of a second pass, and what it asks the database. */
async function poll(database: AppDatabase): Promise<void> {
  clock.advance(1_000);
  await database.refresh();
}

/** The suites, and what every kind of database has to do beside them. */
function rulesOf(name: string, newUrl: () => Promise<string>): void {
  appRecordsContract(`apps in ${name}`, async () => {
    const { records, apps: store } = await openApps(await newUrl());
    return { records, store };
  });

  appStoreContract(`the app store in ${name}`, async (apps) => {
    const url = await newUrl();
    const writer = await openApps(url);
    await replaceAll(writer, apps);
    const reader = await openApps(url);
    const change = async (next: readonly App[]): Promise<void> => {
      await replaceAll(writer, next);
      await poll(reader);
    };
    return { store: reader.apps, change };
  });

  usageRecordsContract(`usage records in ${name}`, async () => {
    const url = await newUrl();
    return [(await openApps(url)).usage, (await openApps(url)).usage];
  });

  describe(`the database of apps in ${name}`, () => {
    test("[APPR1] another process receives a change after a second, and nothing else", async () => {
      const url = await newUrl();
      const [writer, reader] = [await openApps(url), await openApps(url)];
      let changes = 0;
      reader.apps.onChange(() => (changes += 1));
      await writer.records.create(newApp("1001"));
      await poll(reader);
      await poll(reader);
      expect([changes, reader.apps.byId("1001" as AppId)?.id]).toEqual([1, "1001"]);
      await writer.records.remove("1001" as AppId);
      await poll(reader);
      expect([changes, reader.apps.all()]).toEqual([2, []]);
    });

    test("[APPR5] secrets are encrypted under the first key, and again under a new first key at the next start", async () => {
      const url = await newUrl();
      await (await openApps(url)).records.create(newApp("1001"));
      expect(await storedSecrets(url)).toEqual(["plain:secret-of-1001"]);
      await openApps(url, firstKey);
      const [sealed] = await storedSecrets(url);
      expect(sealed).toMatch(/^aes-256-gcm:[0-9a-f]{8}:[A-Za-z0-9+/=]+$/);
      const rotated = await openApps(url, `${secondKey},${firstKey}`);
      expect(await storedSecrets(url)).not.toContain(sealed);
      expect(rotated.apps.byId("1001" as AppId)?.credentials).toEqual([
        { key: "key-of-1001", secret: "secret-of-1001" },
      ]);
      const without = await openApps(url, firstKey);
      expect(without.apps.all()).toEqual([]);
      expect(lines).toEqual([
        [
          "apps.row_unusable",
          {
            app: "1001",
            expected: "secrets that a key of appSecretKeys opens",
            got: "a secret that none of them opens",
          },
        ],
      ]);
    });

    test.each([
      ["not JSON", "settings that are a JSON object"],
      ['{"maxConnections":"many"}', "maxConnections: a whole number from 0 to 100000000"],
      ['{"connectionsMax":1}', "connectionsMax: an option of this version"],
    ])("a row with settings %s is logged; the app stays as it was, and others change", async (settings, expected) => {
      const url = await newUrl();
      const { apps, records } = await openApps(url);
      for (const id of ["1001", "1002"]) await records.create(newApp(id));
      const database = await openDatabase(url);
      await database.updateTable("sealcast_app").set({ settings, revision: 1_000 }).where("id", "=", "1001").execute();
      await database.updateTable("sealcast_revision").set({ value: 1_000 }).execute();
      await database.destroy();
      await records.changeSettings("1002" as AppId, () => ({ clientEvents: true }));
      expect(apps.byId("1001" as AppId)?.maxConnections).toBe(0);
      expect(apps.byId("1002" as AppId)?.clientEvents).toBe(true);
      expect(lines).toMatchObject([["apps.row_unusable", { app: "1001", expected }]]);
      const { apps: afterRestart } = await openApps(url);
      expect(afterRestart.all().map(({ id }) => id)).toEqual(["1002"]);
    });

    test("[APPS5] a use of a key is written within a minute, and a use of an unknown key changes nothing", async () => {
      const database = await openApps(await newUrl());
      await database.records.create(newApp("1001"));
      for (const key of ["key-of-1001", "nobody", ""]) database.apps.used(key);
      const usedMs = clock.now();
      await poll(database);
      expect(await database.records.find("1001" as AppId)).toMatchObject({ keys: [{ lastUsedMs: undefined }] });
      clock.advance(60_000);
      await database.refresh();
      expect(await database.records.find("1001" as AppId)).toMatchObject({ keys: [{ lastUsedMs: usedMs }] });
    });

    test("tables of a newer version are not touched", async () => {
      const url = await newUrl();
      spoiled.add(url);
      await (await openApps(url)).records.create(newApp("1001"));
      const database = await openDatabase(url);
      const row = { name: "9999_future", timestamp: "2026" };
      await database
        .withTables<{ sealcast_migration: typeof row }>()
        .insertInto("sealcast_migration")
        .values(row)
        .execute();
      await database.destroy();
      await expect(openApps(url)).rejects.toThrow(AppDatabaseError);
      await expect(openApps(url)).rejects.toThrow("tables that a newer version of the server has changed");
    });

    test("tables are compared with those of this version, and not changed", async () => {
      const url = await newUrl();
      spoiled.add(url);
      await openApps(url);
      const database = await openDatabase(url);
      const steps = ["0001_apps", "0002_next"];
      expect(await compareAppTables(database, databaseKind(url))).toEqual({
        missing: [],
        isNew: false,
        isNewer: false,
      });
      expect(await compareAppTables(database, databaseKind(url), steps)).toEqual({
        missing: ["0002_next"],
        isNew: false,
        isNewer: false,
      });
      expect(await compareAppTables(database, databaseKind(url), ["0000_first"])).toMatchObject({ isNewer: true });
      for (const table of ["sealcast_migration", "sealcast_migration_lock"]) {
        await database.schema.dropTable(table).execute();
      }
      expect(await compareAppTables(database, databaseKind(url))).toEqual({
        missing: ["0001_apps"],
        isNew: true,
        isNewer: false,
      });
      await database.destroy();
    });

    test("a step of the tables that fails stops the start with its name", async () => {
      spoiled.add(await newUrl());
      const url = await newUrl();
      spoiled.add(url);
      const database = await openDatabase(url);
      await database.schema.createTable("sealcast_app").addColumn("x", "integer").execute();
      await database.destroy();
      await expect(openApps(url)).rejects.toThrow("step 0001_apps of the tables failed");
    });
  });
}

function newApp(id: string) {
  const credential = { key: `key-of-${id}` as AppKey, secret: `secret-of-${id}` };
  return { id: id as AppId, settings: {}, credential };
}

async function storedSecrets(url: string): Promise<readonly string[]> {
  const database = await openDatabase(url);
  const rows = await database.selectFrom("sealcast_app_key").select("secret").execute();
  await database.destroy();
  return rows.map(({ secret }) => secret);
}

async function replaceAll({ apps, records }: AppDatabase, next: readonly App[]): Promise<void> {
  for (const { id } of apps.all()) await records.remove(id);
  for (const { id, credentials, ...settings } of next) {
    const [credential, ...others] = credentials;
    await records.create({ id, settings, credential });
    for (const other of others) await records.addKey(id, other);
  }
}

describe("SQLite", () => {
  const folder = mkdtempSync(join(tmpdir(), "sealcast-apps-"));
  let files = 0;
  afterAll(() => rmSync(folder, { recursive: true }));
  rulesOf("SQLite", () => Promise.resolve(`sqlite:${join(folder, `${(files += 1)}.db`)}`));

  test("[APPR5] no secret is readable in the file", async () => {
    const path = join(folder, "sealed.db");
    const { records } = await openApps(`sqlite:${path}`, firstKey);
    await records.create(newApp("1001"));
    for (const suffix of ["", "-wal"]) expect(readFileSync(path + suffix).includes("secret-of")).toBe(false);
  });

  test("a change waits for another process that locks the file, and blocks nobody meanwhile", async () => {
    const path = join(folder, "locked.db");
    const { records } = await openApps(`sqlite:${path}`);
    const other = new Database(path);
    other.exec("begin immediate");
    const change = records.create(newApp("1001"));
    // This callback runs only if the wait leaves the event loop free; while the file is locked, the change cannot be made.
    setTimeout(() => other.exec("commit"), 100);
    expect(await change).toBe("created");
    other.close();
  });

  test("a file that cannot be opened stops the start with a reason", async () => {
    await expect(openApps(`sqlite:${folder}/nowhere/apps.db`)).rejects.toThrow(AppDatabaseError);
  });
});

describeWithSqlServers((name, start) => {
  let server: SqlServer;
  beforeAll(async () => {
    server = await start();
  }, 60_000);
  afterAll(() => server.stop());

  rulesOf(name, async () => {
    for (const database of open.splice(0)) await database.close();
    await empty(server.url);
    return server.url;
  });

  test("[APPR6] while the database is away, the apps go on, changes are refused, and its return is noticed", async () => {
    await empty(server.url);
    const database = await openApps(server.url);
    const { apps, records } = database;
    await records.create(newApp("1001"));
    await server.kill();
    expect(await records.create(newApp("1002"))).toBe("unavailable");
    expect(await records.find("1001" as AppId)).toBe("unavailable");
    await poll(database);
    expect(apps.byId("1001" as AppId)?.id).toBe("1001");
    expect(lines).toMatchObject([["apps.database_unavailable", { reason: expect.any(String) as unknown }]]);
    await expect(openAppDatabase({ appDatabase: server.url, appSecretKeys: "" }, clock, log)).rejects.toThrow(
      AppDatabaseError,
    );
    await server.restart();
    await poll(database);
    expect(lines.at(-1)?.[0]).toBe("apps.database_available");
    expect(await records.create(newApp("1002"))).toBe("created");
    expect(apps.all().map(({ id }) => id)).toEqual(["1001", "1002"]);
  }, 60_000);
});
