import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@sealcast/server";
import { silentLog, startServer, type TestServer } from "@sealcast/server-testing";
import { describeWithSqlServers, type SqlServer } from "@sealcast/server-testing/sql-servers";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openDatabase } from "../../packages/server/src/adapters/app-store/sql/open-database.ts";
import { openAppDatabase } from "../../packages/server/src/open-app-database.ts";
import { SealcastProcess } from "../fixtures/sealcast-process.ts";

// Each test starts the command several times.
vi.setConfig({ testTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), "sealcast-doctor-database-"));
const isNew = "ok: can be used; a server creates the tables at its first start | ";
const isCurrent = "ok: can be used, and the tables are up to date | ";
let server: TestServer;

beforeAll(async () => {
  server = await startServer();
}, 60_000);

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** Runs `doctor` on the host of a server with this database of apps, and returns what it says about it. */
async function diagnose(appDatabase: string): Promise<string> {
  const path = join(folder, `${Math.random()}.json`);
  writeFileSync(path, JSON.stringify({ appDatabase }));
  const environment = { SEALCAST_URL: `http://app-key:app-secret@127.0.0.1:${server.port}/apps/1001` };
  const doctor = new SealcastProcess(["doctor", "--json", "--idle-seconds", "0", "--config", path], environment);
  await doctor.exited;
  const { checks } = JSON.parse(doctor.stdout) as {
    readonly checks: readonly { id: string; status: string; seen: string; fix?: string }[];
  };
  const found = checks.find(({ id }) => id === "app-database");
  expect(doctor.stdout + doctor.stderr).not.toContain("password@");
  return `${found?.status}: ${found?.seen} | ${found?.fix ?? ""}`;
}

async function createTables(appDatabase: string): Promise<void> {
  await (await openAppDatabase({ appDatabase, appSecretKeys: "" }, systemClock, silentLog)).close();
}

/** Replaces the steps that were made of the tables. */
async function setSteps(url: string, ...names: readonly string[]): Promise<void> {
  const database = await openDatabase(url);
  const steps = database.withTables<{ sealcast_migration: { name: string; timestamp: string } }>();
  await steps.deleteFrom("sealcast_migration").execute();
  for (const name of names) await steps.insertInto("sealcast_migration").values({ name, timestamp: "2026" }).execute();
  await database.destroy();
}

/** Checks that `doctor` names a problem, and that a server names it in the same words. */
async function expectProblem(url: string, expected: RegExp): Promise<void> {
  const found = await diagnose(url);
  expect(found).toMatch(/^problem: /);
  expect(found).toMatch(expected);
  const error: unknown = await createTables(url).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ got: found.slice("problem: ".length, found.indexOf(" | ")) });
}

describe("doctor looks at apps in SQLite", () => {
  test("and finds nothing wrong with a file that a server made, or will make", async () => {
    const file = join(folder, "apps.db");
    expect(await diagnose(`sqlite:${file}`)).toBe(isNew);
    expect(existsSync(file)).toBe(false);
    await createTables(`sqlite:${file}`);
    expect(await diagnose(`sqlite:${file}`)).toBe(isCurrent);
  });

  test("and names a file that cannot be used", async () => {
    const text = join(folder, "notes.txt");
    writeFileSync(
      text,
      "This is a text file, which is longer than the head of a database, that has a hundred bytes. ".repeat(9),
    );
    expect(await diagnose(`sqlite:${text}`)).toMatch(
      /^problem: a file that is no SQLite database.* \| Correct the path/,
    );
    expect(await diagnose(`sqlite:${folder}/nowhere/apps.db`)).toMatch(
      /^problem: a file that cannot be opened \(ENOENT\) \| Check that its folder exists/,
    );
    expect(await diagnose(`sqlite:${folder}`)).toMatch(/^problem: a file that cannot be opened .* \| /);
  });

  test("and names tables that a newer version has changed", async () => {
    const url = `sqlite:${join(folder, "steps.db")}`;
    await createTables(url);
    await setSteps(url, "0001_apps", "9999_future");
    expect(await diagnose(url)).toMatch(/^problem: tables that a newer version of the server has changed \| Run the/);
  });
});

describeWithSqlServers((name, start) => {
  let database: SqlServer;
  beforeAll(async () => {
    database = await start();
  }, 60_000);
  afterAll(() => database.stop());

  test(`doctor looks at apps in ${name}, and says what a server would find`, async () => {
    const { url } = database;
    expect(await diagnose(url)).toBe(isNew);
    await createTables(url);
    expect(await diagnose(url)).toBe(isCurrent);
    await setSteps(url, "0001_apps", "9999_future");
    expect(await diagnose(url)).toMatch(/^problem: tables that a newer version of the server has changed \| Run the/);
  });

  test(`doctor names what is wrong with a database in ${name}, in the words of the server`, async () => {
    const problems = Promise.all([
      expectProblem(database.url.replace(/:\d+\//, ":1/"), /nothing that accepts .* \(ECONNREFUSED\) \| Start the/),
      expectProblem(database.url.replace(/:a-password@/, ":wrong-password@"), /refuses user or password .* \| Correct/),
      expectProblem(database.url.replace(/\w+$/, "nowhere"), /no database of this name .* \| Create it/),
      expectProblem(database.url.replace("127.0.0.1", "nowhere.invalid"), /cannot be looked up .* \| Correct the host/),
    ]);
    await expect(problems).resolves.toHaveLength(4);
  });
});
