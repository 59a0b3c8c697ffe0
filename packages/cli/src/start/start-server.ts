import { lookup } from "node:dns/promises";
import { join } from "node:path";
import {
  AppDatabaseError,
  createPinoLog,
  createServer,
  EngineStartError,
  readConfigFile,
  resolveConfig,
  WebhooksUnavailable,
  type ConfigProblem,
  type ConfigSources,
  type ListenAddress,
  type Log,
  type ResolvedConfig,
  type SealcastServer,
  type ServerConfig,
} from "@sealcast/server";
import { consoleFiles } from "./console-files.ts";
import { followConfigFile } from "./follow-config-file.ts";
import { openFileLimit } from "./open-file-limit.ts";
import { OpenIdSignOn } from "./openid-sign-on.ts";
import { workerNumber } from "./worker-number.ts";

/** Where `start` reads its configuration. */
export interface StartInput extends Omit<ConfigSources, "file"> {
  readonly configPath: string | undefined;
}

/** A server that accepts connections. */
export interface Running {
  readonly config: ServerConfig;
  /** "Node.js 20.20.2" or "Bun 1.4.5". */
  readonly runtime: string;
  readonly address: ListenAddress;
  /** Whether the server has a console, at `/console`. */
  readonly hasConsole: boolean;
  /** Reads the configuration again and applies its apps. */
  reload(): Promise<void>;
  /** Stops accepting, tells clients to reconnect, and resolves when all connections are closed and the log is written. */
  drain(): Promise<void>;
}

/** A running server, or everything that keeps it from running. */
export type StartResult =
  | { readonly ok: true; readonly running: Running }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** Reads the configuration from all its sources. */
export async function readConfig({ configPath, flags, environment }: StartInput): Promise<ResolvedConfig> {
  const file = configPath === undefined ? undefined : await readConfigFile(configPath);
  return resolveConfig({ flags, environment, file });
}

/** Reads the configuration, starts a server, and then follows the apps in the file. */
export async function start(input: StartInput): Promise<StartResult> {
  const { configPath } = input;
  const resolve = (): Promise<ResolvedConfig> => readConfig(input);
  const resolved = await resolve();
  if (!resolved.ok) return resolved;
  const { ignored } = resolved;
  const number = workerNumber();
  const config = number === undefined ? resolved.config : configOfWorker(resolved.config, number);
  const log = createPinoLog(config.logLevel);
  const singleSignOn = config.oidc && new OpenIdSignOn(config.oidc, log);
  const forConsole = { consoleFiles: consoleFiles(), singleSignOn };
  const server = await createServer(config, log, number === undefined ? forConsole : {});
  const address = await listen(server, config);
  if ("where" in address) return { ok: false, problems: [address] };
  for (const { name, reason } of ignored) log.warn("config.ignored", { name, reason });
  log.info("server.listening", { ...address, runtime: server.runtime, apps: server.apps.all().length });
  await logOpenFileLimit(config, log);
  const followed = followConfigFile({ path: configPath, resolve, config, server, log });
  const reload = async (): Promise<void> => {
    log.info("config.reloading");
    await followed.reload();
  };
  const drain = async (): Promise<void> => {
    followed.stop();
    await server.drain();
    log.info("server.stopped");
    await log.close();
  };
  const { runtime, hasConsole } = server;
  const running = { config: { ...config, apps: server.apps.all() }, runtime, address, hasConsole, reload, drain };
  return { ok: true, running };
}

/** Each of several processes has a queue of webhooks of its own. */
function configOfWorker(config: ServerConfig, number: number): ServerConfig {
  return { ...config, dataDirectory: join(config.dataDirectory, `worker-${number}`) };
}

/** A limit below this is a common default for programs with few connections. */
const lowOpenFileLimit = 4_096;

/** Logs the limit of open files. Each connection needs one file, and the server cannot log when no file is left. */
async function logOpenFileLimit({ apps }: ServerConfig, log: Log): Promise<void> {
  const limit = await openFileLimit();
  if (limit === undefined) return;
  const connections = apps.reduce((sum, { maxConnections }) => sum + maxConnections, 0);
  if (limit < Math.max(lowOpenFileLimit, connections)) log.warn("server.few_open_files", { limit });
  else log.info("server.open_files", { limit: Number.isFinite(limit) ? limit : "unlimited" });
}

/** The address the server listens on, or why it cannot. */
async function listen(server: SealcastServer, config: ServerConfig): Promise<ListenAddress | ConfigProblem> {
  const { host, port, metricsHost, metricsPort } = config;
  const mainAddress = { host, port, options: "host and port", flags: "--host and --port" };
  const metricsAddress = {
    host: metricsHost,
    port: metricsPort,
    options: "metricsHost and metricsPort",
    flags: "--metrics-host and --metrics-port",
  };
  try {
    // If the host is unknown, Bun reports that the port is in use. So look up the host first.
    await lookup(host);
    return await server.listen();
  } catch (error) {
    if (error instanceof WebhooksUnavailable) {
      const { place, got } = error;
      return { where: place.setting, expected: place.expected, got, fix: place.fix };
    }
    if (error instanceof AppDatabaseError) {
      const { got, fix } = error;
      return { where: "appDatabase", expected: "a database for the apps", got, fix };
    }
    if (error instanceof EngineStartError) {
      const { expected, got, fix } = error;
      return { where: "engine", expected, got, fix };
    }
    if (!(error instanceof Error && "code" in error)) throw error;
    const code = String(error.code);
    const address = "port" in error && error.port === metricsPort ? metricsAddress : mainAddress;
    return {
      where: address.options,
      expected: `to listen on host ${JSON.stringify(address.host)}, port ${address.port}`,
      got: listenFailures.get(code) ?? `an address that this machine cannot use (${code})`,
      fix: `Choose another with ${address.flags}.`,
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
