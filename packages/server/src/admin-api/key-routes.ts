import type { AppKey } from "@sealcast/protocol";
import { z } from "zod";
import { appName, appSecret } from "../core/apps/app-credential.ts";
import { databaseUnavailable, edit, idOf, refuse, withBody } from "./admin-answers.ts";
import type { AdminRoute } from "./admin-route.ts";
import { newKey, newSecret } from "./new-names.ts";

const newCredential = z.strictObject({ key: appName.optional(), secret: appSecret.optional() });

/** Adds and retires the keys of an app. */
export const keyRoutes: readonly AdminRoute[] = [
  {
    method: "POST",
    path: "/admin/apps/{app}/keys",
    summary: "Adds a live key with its secret; makes what is not given. No later answer has the secret",
    query: {},
    answer: z.object({ key: z.string(), secret: z.string() }),
    ...withBody(newCredential, (call, given) =>
      edit(async ({ random }, { records }) => {
        const { key = newKey(random), secret = newSecret(random) } = given;
        switch (await records.addKey(idOf(call), { key: key as AppKey, secret })) {
          case "added":
            return { value: { key, secret } };
          case "key-taken":
            return refuse("nameTaken", "Another app has this key, or it was retired");
          case "too-many":
            return refuse("keyLimit", "The app has 20 live keys: retire one first");
          case "unknown":
            return refuse("notFound", "No app has this id");
          case "unavailable":
            return databaseUnavailable;
        }
      })(call),
    ),
  },
  {
    method: "DELETE",
    path: "/admin/apps/{app}/keys/{key}",
    summary: "Retires a key: it is refused from now on, and its secret is forgotten. Open connections stay",
    query: {},
    answer: z.object({}),
    run: edit(async (call, { records }) => {
      switch (await records.retireKey(idOf(call), call.subject as AppKey)) {
        case "retired":
          return { value: {} };
        case "last":
          return refuse("keyLimit", "This is the last live key of the app: add another one first");
        case "unknown":
          return refuse("notFound", "The app has no such live key");
        case "unavailable":
          return databaseUnavailable;
      }
    }),
  },
];
