import { z } from "zod";
import { appName as name, appSecret as secret } from "../core/apps/app-credential.ts";
import { appSettings } from "../core/apps/app.ts";
import { engineSettings } from "../core/settings/engine-settings.ts";
import { operatorAccount } from "../core/operators/operator-account.ts";
import { serverSettings } from "../core/settings/server-settings.ts";
import { singleSignOn } from "../core/operators/single-sign-on.ts";

/** Id and credentials of an app, in the order of the configuration page. */
export const appCredentials = {
  id: name.describe("Part of the paths of the HTTP API. Use digits: the official Python library accepts nothing else."),
  key: name.describe("Public: clients send it to connect."),
  secret: secret.describe("Signs requests and subscriptions. Keep it on your servers."),
  keys: z
    .array(
      z.strictObject({ key: name, secret }, "an object with key and secret"),
      "a list of objects with key and secret",
    )
    .default([])
    .describe(
      "Further live pairs of `key` and `secret`, to replace a secret without a gap: add the new pair, switch publishers and auth endpoints to it, make it the first pair, then remove the old one.",
    ),
};

/** An app as the configuration states it. */
const appEntry = z.strictObject({ ...appCredentials, ...appSettings.shape }, "an object with id, key and secret");

/** The list of apps, in the file or in `SEALCAST_APPS`. */
export const appList = z
  .array(appEntry, "a non-empty list of apps")
  .min(1, "a non-empty list of apps")
  .describe("The apps of this server. Without it there is one app for development, on loopback only.");

/** In the file, the settings of the engine are an object. */
const processSettings = serverSettings.omit({
  engine: true,
  engineUrl: true,
  engineCluster: true,
  engineSentinelPrimary: true,
  enginePrefix: true,
  engineLeaseSeconds: true,
});

/** The configuration file. */
export const configFile = z.strictObject(
  {
    $schema: z.string("text").optional().describe("Path or URL of the JSON Schema of this file, for editors."),
    ...processSettings.shape,
    engine: z
      .strictObject(engineSettings, "an object with kind and url")
      .optional()
      .describe("What the processes of a cluster share, and where."),
    operators: z
      .array(operatorAccount, "a list of operators")
      .default([])
      .describe(
        "Who may sign in to the console with a password. Without operators and without `oidc`, the console is on only with the example credentials.",
      ),
    oidc: singleSignOn
      .optional()
      .describe("An OpenID provider at which operators sign in to the console. docs/console.md has an example."),
    apps: appList.optional(),
  },
  "a JSON object",
);

/** The JSON Schema of the configuration file, with which editors complete and check it. */
export function configJsonSchema(): object {
  return z.toJSONSchema(configFile, { io: "input" });
}
