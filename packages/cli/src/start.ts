import { lookup } from "node:dns/promises";
import {
  createPinoLog,
  createServer,
  readConfigFile,
  resolveConfig,
  type ConfigProblem,
  type ConfigSources,
  type ListenAddress,
  type ResolvedConfig,
  type SealcastServer,
  type ServerConfig,
} from "@sealcast/server";
import { followConfigFile } from "./follow-config-file.ts";

/** Where `start` takes its configuration from. */
export interface StartInput extends Omit<ConfigSources, "file"> {
  readonly configPath: string | undefined;
}

/** A server that accepts connections. */
export interface Running {
  readonly config: ServerConfig;
  /** "Node.js 20.20.2" or "Bun 1.4.5". */
  readonly runtime: string;
  readonly address: ListenAddress;
  /** Stops accepting, tells clients to reconnect, and resolves when the last one is gone and the log is written. */
  drain(): Promise<void>;
}

/** A running server, or everything that keeps it from running. */
export type Started =
  | { readonly ok: true; readonly running: Running }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** Reads the configuration, starts a server, and from then on follows the apps in the file. */
export async function start({ configPath, flags, environment }: StartInput): Promise<Started> {
  const resolve = async (): Promise<ResolvedConfig> => {
    const file = configPath === undefined ? undefined : await readConfigFile(configPath);
    return resolveConfig({ flags, environment, file });
  };
  const resolved = await resolve();
  if (!resolved.ok) return resolved;
  const { config } = resolved;
  const log = createPinoLog(config.logLevel);
  const server = await createServer(config, log);
  const address = await listen(server, config);
  if ("where" in address) return { ok: false, problems: [address] };
  log.info("server.listening", { ...address, runtime: server.runtime, apps: config.apps.length });
  const unfollow =
    configPath === undefined ? undefined : followConfigFile({ path: configPath, resolve, config, server, log });
  const drain = async (): Promise<void> => {
    unfollow?.();
    await server.drain();
    log.info("server.stopped");
    await log.close();
  };
  return { ok: true, running: { config, runtime: server.runtime, address, drain } };
}

/** The address the server listens on, or why it cannot. */
async function listen(server: SealcastServer, { host, port }: ServerConfig): Promise<ListenAddress | ConfigProblem> {
  try {
    // Bun would call the port taken.
    await lookup(host);
    return await server.listen();
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    const code = String(error.code);
    return {
      where: "host and port",
      found: listenFailures.get(code) ?? `an address that this machine cannot use (${code})`,
      wanted: `to listen on host ${JSON.stringify(host)}, port ${port}`,
      fix: "Choose another with --host and --port.",
    };
  }
}

const listenFailures: ReadonlyMap<string, string> = new Map([
  ["EADDRINUSE", "a port that another program uses"],
  ["EACCES", "a port that this user may not use"],
  ["EADDRNOTAVAIL", "an address that this machine does not have"],
  ["ENOTFOUND", "a host name that does not exist"],
  ["EAI_AGAIN", "a host name that cannot be looked up at the moment"],
]);
