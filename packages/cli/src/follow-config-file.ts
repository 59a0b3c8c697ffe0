import {
  watchConfigFile,
  type Log,
  type ResolvedConfig,
  type SealcastServer,
  type ServerConfig,
} from "@sealcast/server";

/** What following needs of a running server. */
export interface Following {
  readonly path: string;
  /** Reads the file again and merges it with flags and environment. */
  readonly resolve: () => Promise<ResolvedConfig>;
  /** The configuration that the server was started with. */
  readonly config: ServerConfig;
  readonly server: Pick<SealcastServer, "replaceApps">;
  readonly log: Log;
}

/**
 * Takes over the apps after every change of the file. A file with problems changes nothing and has them logged; options
 * of the process wait for a restart.
 *
 * @returns stops following.
 */
export function followConfigFile({ path, resolve, config, server, log }: Following): () => void {
  let turn = Promise.resolve();
  let apps = JSON.stringify(config.apps);
  const reload = async (): Promise<void> => {
    const resolved = await resolve();
    if (!resolved.ok) {
      for (const problem of resolved.problems) log.error("config.rejected", { ...problem });
      return;
    }
    const next = JSON.stringify(resolved.config.apps);
    if (next !== apps) {
      apps = next;
      server.replaceApps(resolved.config.apps);
      log.info("config.apps_replaced", { apps: resolved.config.apps.length });
    }
    if (processOptions(resolved.config) !== processOptions(config)) log.warn("config.restart_needed", { path });
  };
  return watchConfigFile(path, () => {
    turn = turn.then(reload);
  });
}

/** Everything but the apps, to compare. */
function processOptions({ host, port, logLevel, limits }: ServerConfig): string {
  return JSON.stringify({ host, port, logLevel, limits });
}
