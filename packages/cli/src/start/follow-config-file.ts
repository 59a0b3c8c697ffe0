import {
  watchConfigFile,
  type Log,
  type ResolvedConfig,
  type SealcastServer,
  type ServerConfig,
} from "@sealcast/server";

/** What following needs from a running server. */
export interface Following {
  /** Path of the configuration file, if there is one. */
  readonly path: string | undefined;
  /** Reads the file again and merges it with flags and environment. */
  readonly resolve: () => Promise<ResolvedConfig>;
  /** The configuration that the server was started with. */
  readonly config: ServerConfig;
  readonly server: Pick<SealcastServer, "replaceApps">;
  readonly log: Log;
}

/** A configuration that is being followed. */
export interface FollowedConfig {
  /** Reads the configuration now. Resolves when the server uses it, or when its problems are logged. */
  reload(): Promise<void>;
  /** Stops watching the file. */
  stop(): void;
}

/** Problems that are logged one by one. */
const loggedProblems = 30;

/**
 * Applies the apps of the configuration file after every change. A file with problems changes nothing, and its problems
 * are logged. Options of the process need a restart.
 */
export function followConfigFile({ path, resolve, config, server, log }: Following): FollowedConfig {
  let turn = Promise.resolve();
  let apps = JSON.stringify(config.apps);

  async function reloadNow(): Promise<void> {
    const resolved = await resolve();
    if (!resolved.ok) {
      for (const problem of resolved.problems.slice(0, loggedProblems)) log.error("config.rejected", { ...problem });
      log.error("config.unchanged", { problems: resolved.problems.length });
      return;
    }
    const next = JSON.stringify(resolved.config.apps);
    if (next !== apps) {
      apps = next;
      server.replaceApps(resolved.config.apps);
      log.info("config.apps_replaced", { apps: resolved.config.apps.length });
    }
    const options = changedOptions(config, resolved.config);
    if (options.length > 0) log.warn("config.restart_needed", { options: options.join(", ") });
  }

  function reload(): Promise<void> {
    turn = turn.then(reloadNow);
    return turn;
  }

  const stop = path === undefined ? () => undefined : watchConfigFile(path, () => void reload());
  return { reload, stop };
}

/** Returns the names of the options, other than the apps, in which two configurations differ. */
function changedOptions(before: ServerConfig, after: ServerConfig): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  names.delete("apps");
  return [...names].filter((name) => textOf(before, name) !== textOf(after, name));
}

function textOf(config: ServerConfig, name: string): string | undefined {
  return JSON.stringify(new Map(Object.entries(config)).get(name));
}
