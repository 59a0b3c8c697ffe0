import { randomBytes } from "node:crypto";
import { readPageFolder } from "./adapters/page-files/node-folder.ts";
import { createScryptHasher } from "./adapters/password-hasher/node-scrypt.ts";
import { nodeName } from "./node-name.ts";
import { createProcessFigures } from "./adapters/process-figures/node.ts";
import type { ServerConfig } from "./config/server-config.ts";
import { usesExampleSecret } from "./config/uses-example-secret.ts";
import type { ConsolePorts } from "./console/create-console.ts";

/** Where the page of the console is. */
export interface ConsoleFiles {
  /** Folder with `index.html` and what it loads. */
  readonly folder: string;
  /** Version of the server that the console shows. */
  readonly version: string;
}

/**
 * Prepares the console, if the configuration turns it on: with operators, or with the example credentials, which are accepted
 * on loopback addresses only.
 *
 * @throws if the folder cannot be read.
 */
export async function readConsolePorts(
  config: ServerConfig,
  { folder, version }: ConsoleFiles,
): Promise<ConsolePorts | undefined> {
  if (!config.console || (config.operators.length === 0 && !usesExampleSecret(config))) return undefined;
  return {
    node: nodeName(),
    server: { version, engine: config.engine },
    accounts: config.operators,
    appSource:
      config.appDatabase === ""
        ? "the configuration file of the server, or the variable SEALCAST_APPS: change it there, and the server takes it over at once"
        : "a database: change it through the admin API",
    page: await readPageFolder(folder),
    hasher: createScryptHasher(),
    figures: createProcessFigures(),
    randomText: () => randomBytes(32).toString("base64url"),
  };
}
