import { appSettings, defaultAppSettings, type App, type AppSettings } from "../../core/app.ts";
import { settingFacts } from "../../core/setting.ts";
import type { HttpReply } from "../../ports/transport.ts";
import type { AppDetail, AppSetting, AppSummary } from "../contract.ts";
import { consoleJson } from "../console-reply.ts";

/** Settings that a page of their own shows. */
const shownElsewhere = new Set<string>(["webhooks"]);

/** Answers `GET /console/api/apps/{id}`: the app without its secrets. */
export function showApp(app: App, summary: AppSummary, source: string): HttpReply {
  const detail: AppDetail = {
    ...summary,
    keys: app.credentials.map(({ key }) => key),
    settings: settingsOf(app),
    source,
  };
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
      };
    });
}
