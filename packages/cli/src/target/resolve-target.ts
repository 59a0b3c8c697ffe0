import type { App, ServerConfig } from "@sealcast/server/config";
import { CommandFailure } from "../command-failure.ts";
import { closestProfile } from "./closest-profile.ts";
import { reachableHost } from "../reachable-host.ts";
import { exampleUrl, parseAppUrl, type Target } from "./app-url.ts";
import { readProfiles } from "./profiles.ts";

/** The options by which a command chooses its app. */
export interface TargetOptions {
  /** Name of a profile, or id of an app in `config`. */
  readonly app?: string;
  /** Configuration file of a server on this machine. */
  readonly config?: string;
}

/**
 * Finds the app that a command works with: an app of a configuration file, a profile, the app of `SEALCAST_URL`, or the
 * example app of a server without a configuration.
 */
export async function resolveTarget({ app, config }: TargetOptions): Promise<Target> {
  const url = process.env["SEALCAST_URL"];
  if (config !== undefined) {
    const read = await readConfig(config, process.env);
    if (read.appDatabase === "") return targetOfConfig(read, app);
    if (!url) throw new CommandFailure("The apps of this server are in a database: name one with SEALCAST_URL.");
  } else if (app !== undefined) return targetOfProfile(app);
  return url ? parseAppUrl(url, "SEALCAST_URL") : exampleTarget;
}

const exampleTarget: Target = {
  appId: "1001",
  key: "app-key",
  secret: "app-secret",
  httpUrl: exampleUrl,
  socketUrl: exampleUrl,
};

async function targetOfProfile(name: string): Promise<Target> {
  if (name.includes("://")) {
    throw new CommandFailure("--app takes the name of a profile, not a URL: put the URL into SEALCAST_URL.");
  }
  const profiles = await readProfiles();
  const url = profiles.get(name);
  if (url === undefined) {
    const meant = closestProfile(name, [...profiles.keys()]);
    const hint = meant === undefined ? "`sealcast profiles list` shows all." : `Did you mean ${meant}?`;
    throw new CommandFailure(`There is no profile ${JSON.stringify(name)}. ${hint}`);
  }
  return parseAppUrl(url, `The profile ${name}`);
}

/**
 * Returns the configuration in a file; fails with all its problems. The code that reads it is loaded for this only.
 *
 * @param environment variables that change settings, as they do for a server. Default: none.
 */
export async function readConfig(path: string, environment: NodeJS.ProcessEnv = {}): Promise<ServerConfig> {
  const { describeProblems, readConfigFile, resolveConfig } = await import("@sealcast/server/config");
  const file = await readConfigFile(path);
  const resolved = resolveConfig({ flags: new Map(), environment, file });
  if (!resolved.ok) throw new CommandFailure(describeProblems(resolved.problems));
  return resolved.config;
}

function targetOfConfig({ host, port, apps }: ServerConfig, id: string | undefined): Target {
  const app: App | undefined = id === undefined ? apps[0] : apps.find((candidate) => candidate.id === id);
  if (app === undefined) throw new CommandFailure(`The configuration has no app ${JSON.stringify(id)}.`);
  const [{ key, secret }] = app.credentials;
  const url = `http://${reachableHost(host)}:${port}`;
  return { appId: app.id, key, secret, httpUrl: url, socketUrl: url };
}
