import type { AppId, AppKey } from "@sealcast/protocol";
import type { Kysely, Selectable } from "kysely";
import type { App } from "../../../core/apps/app.ts";
import { errorLocation } from "../../../core/errors/error-location.ts";
import type { AppStore } from "../../../ports/app-store.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Log } from "../../../ports/log.ts";
import type { SecretBox } from "../../../ports/secret-box.ts";
import { createConfigFileAppStore } from "../config-file.ts";
import type { AppTables } from "./app-tables.ts";

/** How often to look for changes, in milliseconds. */
const pollMs = 1_000;
/** How often to write which keys were used, in milliseconds. */
const usedMs = 60_000;
/** Apps whose keys are asked for by id; for more, all keys are read. */
const fewApps = 200;

type AppRow = Selectable<AppTables["sealcast_app"]>;
type KeyRow = Selectable<AppTables["sealcast_app_key"]>;

/** An app as the configuration would state it, or what is wrong with it. */
export type ReadApp = (entry: unknown) => App | { readonly expected: string; readonly got: string };

/** What the store works with. */
export interface SqlAppStorePorts {
  readonly database: Kysely<AppTables>;
  readonly box: SecretBox;
  readonly clock: Clock;
  readonly log: Log;
  readonly readApp: ReadApp;
}

/**
 * The apps of a database. Looks for changes every second. While the database is away, it goes on with the apps that it
 * knows. An app whose row cannot be used stays as it was, or is not there; all others go on.
 */
export class SqlAppStore implements AppStore {
  readonly #ports: SqlAppStorePorts;
  readonly #current = createConfigFileAppStore([]);
  #apps: ReadonlyMap<AppId, App> = new Map();
  #revision = -1;
  #refreshing: Promise<void> = Promise.resolve();
  #isAway = false;
  /** When keys were used last since that was written. */
  #used = new Map<string, number>();
  #usedWrittenMs: number;
  #stop: (() => void) | undefined;

  constructor(ports: SqlAppStorePorts) {
    this.#ports = ports;
    this.#usedWrittenMs = ports.clock.monotonicNow();
  }

  /** Reads all apps and goes on looking for changes. Rejects if they cannot be read. */
  async start(): Promise<void> {
    await this.#read();
    this.#stop = this.#ports.clock.every(pollMs, () => void this.refresh());
  }

  /** Resolves when every change that was made before the call is there, or the database is away. Never rejects. */
  refresh(): Promise<void> {
    this.#refreshing = this.#readAgain(this.#refreshing);
    return this.#refreshing;
  }

  /** Logs that the database is away, once. */
  failed(error: unknown): void {
    if (this.#isAway) return;
    this.#isAway = true;
    this.#ports.log.error("apps.database_unavailable", { reason: reasonOf(error) });
  }

  async close(): Promise<void> {
    this.#stop?.();
    this.#usedWrittenMs = -Infinity;
    await this.refresh();
  }

  byKey(key: AppKey): App | undefined {
    return this.#current.byKey(key);
  }

  byId(id: AppId): App | undefined {
    return this.#current.byId(id);
  }

  all(): readonly App[] {
    return this.#current.all();
  }

  used(key: string): void {
    this.#used.set(key, this.#ports.clock.now());
  }

  onChange(listener: () => void): void {
    this.#current.onChange(listener);
  }

  async #readAgain(before: Promise<void>): Promise<void> {
    await before;
    try {
      await this.#read();
      await this.#writeUsed();
      this.#reached();
    } catch (error) {
      this.failed(error);
    }
  }

  #reached(): void {
    if (!this.#isAway) return;
    this.#isAway = false;
    this.#ports.log.info("apps.database_available");
  }

  async #read(): Promise<void> {
    const { database } = this.#ports;
    const row = await database
      .selectFrom("sealcast_revision")
      .select("value")
      .where("name", "=", "apps")
      .executeTakeFirstOrThrow();
    if (Number(row.value) === this.#revision) return;
    const rows = await database
      .selectFrom("sealcast_app")
      .selectAll()
      .where("revision", ">", this.#revision)
      .orderBy("revision")
      .execute();
    const keys = await this.#keysOf(rows);
    const next = new Map(this.#apps);
    for (const app of rows) {
      const read = app.removed === 1 ? undefined : this.#appOf(app, keys.get(app.id) ?? []);
      if (read !== undefined) next.set(read.id, read);
      else if (app.removed === 1) next.delete(app.id as AppId);
    }
    // A change may have been made between the two queries.
    this.#revision = Math.max(Number(row.value), Number(rows.at(-1)?.revision ?? 0));
    if (rows.length === 0) return;
    this.#apps = next;
    this.#current.replace([...next.values()]);
  }

  /** Writes which keys were used, once a minute. */
  async #writeUsed(): Promise<void> {
    const { clock, database } = this.#ports;
    if (this.#used.size === 0 || clock.monotonicNow() - this.#usedWrittenMs < usedMs) return;
    const used = this.#used;
    this.#used = new Map();
    this.#usedWrittenMs = clock.monotonicNow();
    for (const [key, lastUsedMs] of used) {
      await database
        .updateTable("sealcast_app_key")
        .set({ last_used_ms: lastUsedMs })
        .where("key_name", "=", key)
        .where((eb) => eb.or([eb("last_used_ms", "is", null), eb("last_used_ms", "<", lastUsedMs)]))
        .execute();
    }
  }

  async #keysOf(apps: readonly AppRow[]): Promise<ReadonlyMap<string, readonly KeyRow[]>> {
    const live = this.#ports.database
      .selectFrom("sealcast_app_key")
      .selectAll()
      .where("retired_ms", "is", null)
      .orderBy("position");
    const ids = apps.map(({ id }) => id);
    const rows =
      ids.length === 0 ? [] : await (ids.length > fewApps ? live : live.where("app_id", "in", ids)).execute();
    const byApp = new Map<string, KeyRow[]>();
    for (const row of rows) byApp.set(row.app_id, [...(byApp.get(row.app_id) ?? []), row]);
    return byApp;
  }

  /** Returns an app, or undefined, and logs it, if its rows cannot be used. */
  #appOf({ id, settings }: AppRow, keys: readonly KeyRow[]): App | undefined {
    const { box, log, readApp } = this.#ports;
    const pairs = keys.map((row) => ({ key: row.key_name, secret: box.open(row.secret, `${id} ${row.key_name}`) }));
    const stated = parse(settings);
    const [first, ...others] = pairs;
    const problem =
      first === undefined
        ? { expected: "a live key", got: "none" }
        : pairs.some(({ secret }) => secret === undefined)
          ? { expected: "secrets that a key of appSecretKeys opens", got: "a secret that none of them opens" }
          : stated === undefined
            ? { expected: "settings that are a JSON object", got: "other text" }
            : undefined;
    const read = problem ?? readApp({ ...stated, id, ...first, keys: others });
    if ("credentials" in read) return read;
    log.error("apps.row_unusable", { app: id, ...read });
    return undefined;
  }
}

function parse(settings: string): object | undefined {
  try {
    const value: unknown = JSON.parse(settings);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Why a database failed: the code of the driver, such as ECONNREFUSED, never a text that may hold values. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && code !== "" ? code : errorLocation(error);
}
