import { defaultApp } from "./default-app.ts";
import type { ServerConfig } from "./server-config.ts";

/**
 * Whether all apps have the example secret, with which the server listens on loopback addresses only. Apps in a database
 * never count: nobody knows beforehand which ones it holds.
 */
export function usesExampleSecret({ apps, appDatabase }: Pick<ServerConfig, "apps" | "appDatabase">): boolean {
  if (appDatabase !== "" || apps.length === 0) return false;
  return apps.every(({ credentials }) => credentials.every(({ secret }) => secret === defaultApp.secret));
}
