import { appSettings, defaultAppSettings, type App, type AppSettings } from "../../core/apps/app.ts";
import { settingFacts } from "../../core/settings/setting.ts";
import type { EditableApps } from "../../admin-api/admin-route.ts";
import type { HttpReply } from "../../ports/transport.ts";
import type { AppDetail, AppKeyRow, AppSetting, AppSummary } from "../contract.ts";
import { consoleError, consoleJson } from "../console-reply.ts";

/** Settings that the page shows in other places. */
const shownElsewhere = new Set<string>(["enabled", "webhooks"]);

/** Answers `GET /console/api/apps/{id}`: the app without its secrets. */
export async function showApp(
  app: App,
  summary: AppSummary,
  editable: Pick<EditableApps, "records"> | undefined,
): Promise<HttpReply> {
  const record = await editable?.records.find(app.id);
  if (record === "unavailable") return consoleError(503, "The server cannot reach the database of the apps; try again");
  const keys: readonly AppKeyRow[] =
    record?.keys ??
    app.credentials.map(({ key }) => ({ key, createdMs: undefined, lastUsedMs: undefined, retiredMs: undefined }));
  const detail: AppDetail = { ...summary, keys, settings: settingsOf(app) };
  return consoleJson(detail);
}

function settingsOf(app: App): AppSetting[] {
  return Object.entries(appSettings.shape)
    .filter(([name]) => !shownElsewhere.has(name))
    .map(([name, setting]) => {
      const key = name as keyof AppSettings;
      const value = JSON.stringify(app[key]);
      return {
        name,
        value,
        isDefault: value === JSON.stringify(defaultAppSettings[key]),
        doc: settingFacts(setting).doc,
        expected: settingFacts(setting).expected,
      };
    });
}
