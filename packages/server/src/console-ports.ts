import { randomBytes } from "node:crypto";
import { readPageFolder } from "./adapters/page-files/node-folder.ts";
import { createScryptHasher } from "./adapters/password-hasher/node-scrypt.ts";
import { nodeName } from "./node-name.ts";
import { createProcessFigures } from "./adapters/process-figures/node.ts";
import type { ServerConfig } from "./config/server-config.ts";
import { usesExampleSecret } from "./config/uses-example-secret.ts";
import type { ConsolePorts } from "./console/console-host.ts";
import type { SingleSignOn } from "./ports/single-sign-on.ts";

/** Where the page of the console is. */
export interface ConsoleFiles {
  /** Folder with `index.html` and what it loads. */
  readonly folder: string;
  /** Version of the server that the console shows. */
  readonly version: string;
}

/**
 * Prepares the console, if the configuration turns it on: with operators, with single sign-on, or with the example
 * credentials, which are accepted on loopback addresses only.
 *
 * @param provider the OpenID provider of the configuration.
 * @throws if the folder cannot be read.
 */
export async function readConsolePorts(
  config: ServerConfig,
  { folder, version }: ConsoleFiles,
  provider: SingleSignOn | undefined,
): Promise<ConsolePorts | undefined> {
  const { oidc, operators } = config;
  const singleSignOn = oidc && provider && { provider, settings: oidc };
  const hasOperators = operators.length > 0 || singleSignOn !== undefined;
  // With a provider that this process cannot ask, the console must not be open to everybody.
  const isForDevelopment = oidc === undefined && usesExampleSecret(config);
  if (!config.console || !(hasOperators || isForDevelopment)) return undefined;
  return {
    node: nodeName(),
    server: { version, engine: config.engine },
    accounts: operators,
    singleSignOn,
    appSource:
      config.appDatabase === "" ? "the configuration file of the server, or the variable SEALCAST_APPS" : "a database",
    page: await readPageFolder(folder),
    hasher: createScryptHasher(),
    figures: createProcessFigures(),
    randomText: () => randomBytes(32).toString("base64url"),
  };
}
