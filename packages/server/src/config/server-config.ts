import type { App } from "../core/apps/app.ts";
import type { OperatorAccount } from "../core/operators/operator-account.ts";
import type { ServerSettings } from "../core/settings/server-settings.ts";
import type { SingleSignOnSettings } from "../core/operators/single-sign-on.ts";

/** A checked and complete configuration. Made by {@link resolveConfig}; `docs/configuration.md` lists the settings. */
export interface ServerConfig extends ServerSettings {
  /** At least one, unless the apps are in a database; ids and keys are unique. */
  readonly apps: readonly App[];
  /** Who may sign in to the console. */
  readonly operators: readonly OperatorAccount[];
  /** The provider at which operators sign in to the console; undefined: they have passwords. */
  readonly oidc?: SingleSignOnSettings | undefined;
}
