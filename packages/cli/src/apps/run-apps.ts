import { createAdminApi, type AdminApi } from "../admin/admin-api.ts";
import { printResult, table, type Cell } from "../output.ts";
import type { ServerOptions } from "../target/resolve-server.ts";
import { printCredentials, type CredentialsOptions } from "./print-credentials.ts";
import { readSettings, readText, type SettingsOptions } from "./read-settings.ts";

/** Options of every command about apps. */
interface AppsOptions extends ServerOptions {
  readonly json?: boolean;
}

/** Options of `apps create`. */
interface CreateOptions extends AppsOptions, CredentialsOptions, SettingsOptions {
  readonly id?: string;
  readonly key?: string;
  readonly secretFile?: string;
}

interface AppRow {
  readonly id: string;
  readonly enabled: boolean;
  readonly keys: readonly string[];
  readonly webhooks: readonly string[];
}

/** An app as the admin API shows it. */
interface ShownApp {
  readonly id: string;
  readonly createdMs: number | null;
  readonly keys: readonly {
    readonly key: string;
    readonly createdMs: number | null;
    readonly lastUsedMs: number | null;
    readonly retiredMs: number | null;
  }[];
  readonly settings: Readonly<Record<string, unknown>>;
}

interface UsageDay {
  readonly day: string;
  readonly messages: number;
  readonly peakConnections: number;
}

/** Prints the apps of a server. */
export async function listApps(options: AppsOptions): Promise<void> {
  const api = await createAdminApi(options);
  const { apps } = await api.request<{ readonly apps: readonly AppRow[] }>("GET", "/apps");
  printResult(options.json, apps, () =>
    apps.length === 0
      ? "The server has no apps.\n"
      : table(
          ["ID", "STATE", "KEYS", "WEBHOOKS"],
          apps.map(({ id, enabled, keys, webhooks }) => [
            id,
            enabled ? "enabled" : "disabled",
            keys.join(", "),
            webhooks.length,
          ]),
        ),
  );
}

/** Creates an app, and prints its credentials. */
export async function createApp(options: CreateOptions): Promise<void> {
  const api = await createAdminApi(options);
  const settings = await readSettings(options);
  const secret = options.secretFile === undefined ? undefined : (await readText(options.secretFile)).trim();
  const { id, key } = options;
  await printCredentials(options, () => api.request("POST", "/apps", {}, { id, key, secret, settings }));
}

/** Prints the keys of an app without secrets, and its settings. */
export async function showApp(id: string, options: AppsOptions): Promise<void> {
  const app = await shown(await createAdminApi(options), id);
  const keys = app.keys.map(({ key, createdMs, lastUsedMs, retiredMs }): Cell[] => [
    key,
    timeOf(createdMs),
    timeOf(lastUsedMs),
    timeOf(retiredMs),
  ]);
  const settings = Object.entries(app.settings).map(([name, value]) => [name, JSON.stringify(value)]);
  printResult(
    options.json,
    app,
    () => `${table(["KEY", "CREATED", "LAST USED", "RETIRED"], keys)}\n${table(["SETTING", "VALUE"], settings)}`,
  );
}

/** Changes settings of an app; null stands for the default. */
export async function changeApp(id: string, options: AppsOptions & SettingsOptions): Promise<void> {
  await change(id, await readSettings(options), `Changed the app ${id}.\n`, options);
}

/** Lets clients and backends use an app, or no longer. */
export async function enableApp(id: string, enabled: boolean, options: AppsOptions): Promise<void> {
  const text = enabled ? `Enabled the app ${id}.\n` : `Disabled the app ${id}. Its connections are closed.\n`;
  await change(id, { enabled }, text, options);
}

/** Deletes an app. */
export async function deleteApp(id: string, options: AppsOptions): Promise<void> {
  await (await createAdminApi(options)).request("DELETE", pathOf(id));
  printResult(options.json, { deleted: id }, () => `Deleted the app ${id}. Its connections are closed.\n`);
}

/** Adds a key to an app, prints its credentials and what to do next. */
export async function rotateKey(id: string, options: AppsOptions & CredentialsOptions): Promise<void> {
  const api = await createAdminApi(options);
  const old = (await shown(api, id)).keys.filter(({ retiredMs }) => retiredMs === null).map(({ key }) => key);
  await printCredentials(options, () => api.request("POST", `${pathOf(id)}/keys`, {}, {}));
  const retire = old.map((key) => `sealcast apps retire ${id} ${key}`).join("\n     ");
  process.stderr.write(`
  1. Give the new key and secret to backends and auth endpoints.
     Those that receive webhooks need both secrets until step 3.
  2. Give the new key to clients. \`sealcast apps show ${id}\` shows when each
     key was last used.
  3. Retire the old key:
     ${retire}
`);
}

/** Refuses a key of an app from now on. */
export async function retireKey(id: string, key: string, options: AppsOptions): Promise<void> {
  await (await createAdminApi(options)).request("DELETE", `${pathOf(id)}/keys/${encodeURIComponent(key)}`);
  printResult(options.json, { retired: key }, () => `Retired the key ${key}. Connections that use it stay.\n`);
}

/** Prints what an app used on each of the last days. */
export async function showUsage(id: string, options: AppsOptions): Promise<void> {
  const api = await createAdminApi(options);
  const { days } = await api.request<{ readonly days: readonly UsageDay[] }>("GET", `${pathOf(id)}/usage`);
  printResult(options.json, days, () =>
    days.length === 0
      ? "Nothing was counted.\n"
      : table(
          ["DAY", "MESSAGES", "MOST CONNECTIONS"],
          days.map(({ day, messages, peakConnections }) => [day, messages, peakConnections]),
        ),
  );
}

async function change(id: string, settings: object, text: string, options: AppsOptions): Promise<void> {
  const answer = await (await createAdminApi(options)).request("PATCH", pathOf(id), {}, settings);
  printResult(options.json, answer, () => text);
}

function shown(api: AdminApi, id: string): Promise<ShownApp> {
  return api.request("GET", pathOf(id));
}

function pathOf(id: string): string {
  return `/apps/${encodeURIComponent(id)}`;
}

function timeOf(ms: number | null): string | undefined {
  return ms === null ? undefined : new Date(ms).toISOString();
}
