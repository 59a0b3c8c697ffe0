import type { AppId, AppKey } from "@sealcast/protocol";
import { z } from "zod";
import { appName, appSecret } from "../core/apps/app-credential.ts";
import { appSettings } from "../core/apps/app.ts";
import type { StatedSettings } from "../core/apps/app-record.ts";
import { databaseUnavailable, edit, idOf, refuse, withBody } from "./admin-answers.ts";
import type { AdminRoute } from "./admin-route.ts";
import { newAppId, newKey, newSecret } from "./new-names.ts";

const settings = z.looseObject({}).describe("Settings of an app, as docs/configuration.md lists them");
const keyRow = z.object({
  key: z.string(),
  createdMs: z.int().nullable(),
  lastUsedMs: z.int().nullable(),
  retiredMs: z.int().nullable(),
});
const newApp = z.strictObject({
  id: appName.optional(),
  key: appName.optional(),
  secret: appSecret.optional(),
  settings: settings.default({}),
});
const unknownApp = refuse("notFound", "No app has this id");

/** Lists, shows and changes apps. */
export const appRoutes: readonly AdminRoute[] = [
  {
    method: "GET",
    path: "/admin/apps",
    summary: "Lists the apps, without secrets",
    query: {},
    answer: z.object({
      apps: z.array(
        z.object({ id: z.string(), enabled: z.boolean(), keys: z.array(z.string()), webhooks: z.array(z.string()) }),
      ),
    }),
    run: async ({ apps }) => ({
      value: {
        apps: apps.all().map(({ id, enabled, credentials, webhooks }) => ({
          id,
          enabled,
          keys: credentials.map(({ key }) => key),
          webhooks: webhooks.map(({ url }) => url),
        })),
      },
    }),
  },
  {
    method: "POST",
    path: "/admin/apps",
    summary: "Creates an app; makes what is not given of its id, key and secret. No later answer has the secret",
    query: {},
    answer: z.object({ id: z.string(), key: z.string(), secret: z.string() }),
    ...withBody(newApp, (call, given) =>
      edit(async ({ random }, { records, problemOf }) => {
        const problem = problemOf(given.settings);
        if (problem !== undefined) return refuse("invalidParameter", problem);
        const { id = newAppId(random), key = newKey(random), secret = newSecret(random) } = given;
        const credential = { key: key as AppKey, secret };
        switch (await records.create({ id: id as AppId, settings: given.settings, credential })) {
          case "created":
            return { value: { id, key, secret } };
          case "id-taken":
            return refuse("nameTaken", "Another app has this id");
          case "key-taken":
            return refuse("nameTaken", "Another app has this key");
          case "unavailable":
            return databaseUnavailable;
        }
      })(call),
    ),
  },
  {
    method: "GET",
    path: "/admin/apps/{app}",
    summary: "Shows an app: its keys without secrets, and every setting",
    query: {},
    answer: z.object({ id: z.string(), createdMs: z.int().nullable(), keys: z.array(keyRow), settings }),
    async run(call) {
      const { app, editable } = call;
      if (app === undefined) return unknownApp;
      const record = await editable?.records.find(idOf(call));
      if (record === "unavailable") return databaseUnavailable;
      const names = Object.keys(appSettings.shape);
      const shown = Object.fromEntries(Object.entries(app).filter(([name]) => names.includes(name)));
      const live = app.credentials.map(({ key }) => ({ key, createdMs: null, lastUsedMs: null, retiredMs: null }));
      const keys = record?.keys.map(({ key, createdMs, lastUsedMs, retiredMs }) => ({
        key,
        createdMs,
        lastUsedMs: lastUsedMs ?? null,
        retiredMs: retiredMs ?? null,
      }));
      return { value: { id: app.id, createdMs: record?.createdMs ?? null, keys: keys ?? live, settings: shown } };
    },
  },
  {
    method: "PATCH",
    path: "/admin/apps/{app}",
    summary: "Changes the settings that the body names; null stands for the default",
    query: {},
    answer: z.object({ settings }),
    ...withBody(settings, (call, changes) =>
      edit(async (_, { records, problemOf }) => {
        const problem = problemOf(withoutNulls(changes));
        if (problem !== undefined) return refuse("invalidParameter", problem);
        const changed = await records.changeSettings(idOf(call), (stated) => withoutNulls({ ...stated, ...changes }));
        if (changed === "unavailable") return databaseUnavailable;
        return changed === undefined ? unknownApp : { value: { settings: changed } };
      })(call),
    ),
  },
  {
    method: "DELETE",
    path: "/admin/apps/{app}",
    summary: "Deletes an app; its connections are closed",
    query: {},
    answer: z.object({}),
    run: edit(async (call, { records }) => {
      const removed = await records.remove(idOf(call));
      if (removed === "unavailable") return databaseUnavailable;
      return removed === "unknown" ? unknownApp : { value: {} };
    }),
  },
];

function withoutNulls(stated: StatedSettings): StatedSettings {
  return Object.fromEntries(Object.entries(stated).filter(([, value]) => value !== null));
}
