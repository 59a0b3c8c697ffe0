import type { AppCredential } from "../core/app.ts";
import { defaultApp } from "./default-app.ts";

/** Whether all apps have the example secret, with which the server listens on loopback addresses only. */
export function usesExampleSecret(apps: readonly { readonly credentials: readonly AppCredential[] }[]): boolean {
  // Apps of a database are not in the configuration.
  return (
    apps.length > 0 && apps.every(({ credentials }) => credentials.every(({ secret }) => secret === defaultApp.secret))
  );
}
