import { createConfigFileAppStore } from "./adapters/app-store/config-file.ts";
import { TurnBudget } from "./adapters/transport/links/turn-budget.ts";
import { readConsolePorts, type ConsoleFiles } from "./console-ports.ts";
import { systemClock } from "./adapters/clock/system.ts";
import { createEngine } from "./create-engine.ts";
import { createUsageMeter } from "./create-usage-meter.ts";
import { createCryptoRandom } from "./adapters/random/node-crypto.ts";
import { createNodeSigner } from "./adapters/signer/node-crypto.ts";
import type { SharedServer } from "./adapters/transport/node/shared-http-server.ts";
import type { ServerConfig } from "./config/server-config.ts";
import { AppDatabaseError } from "./core/errors/app-database-error.ts";
import type { App } from "./core/apps/app.ts";
import type { WebhookSettings } from "./create-queue-dispatcher.ts";
import { UsageMeter } from "./observers/usage-meter.ts";
import { openWebhookDispatcher } from "./open-webhook-dispatcher.ts";
import { readMetricsPorts } from "./metrics-ports.ts";
import type { AppDatabase } from "./open-app-database.ts";
import type { AppStore } from "./ports/app-store.ts";
import type { Clock } from "./ports/clock.ts";
import type { Log } from "./ports/log.ts";
import type { SingleSignOn } from "./ports/single-sign-on.ts";
import type { Transport } from "./ports/transport.ts";
import type { DispatcherListeners, WebhookDispatcher } from "./ports/webhook-dispatcher.ts";
import { Webhooks } from "./webhooks/webhooks.ts";
import { fileQueue, redisQueue } from "./webhooks/webhooks-unavailable.ts";
import type { ServerPorts } from "./server-ports.ts";
import { wireServer, type WiredServer } from "./wire-server.ts";

/** A server whose apps come from the configuration or from a database. */
export interface SealcastServer extends WiredServer {
  /** The apps that it serves now. */
  readonly apps: AppStore;
  /**
   * Replaces the apps of the configuration, without a restart. Connections of apps that are no longer there or disabled are
   * closed. Has no effect on a server with another app store.
   */
  replaceApps(apps: readonly App[]): void;
}

/** What the program around a server gives it. */
interface ServerSurroundings {
  readonly consoleFiles?: ConsoleFiles | undefined;
  readonly singleSignOn?: SingleSignOn | undefined;
  readonly httpServer?: SharedServer | undefined;
}

/**
 * Creates a server for the runtime that runs it, Node.js or Bun. It accepts no connections until `listen` is called.
 *
 * @param config a checked configuration: see {@link configFrom} and {@link resolveConfig}.
 * @param log where log lines go: see {@link createPinoLog}.
 * @param ports replacements for single ports; tests pass their own clock or engine. `consoleFiles`: the page of the console;
 * without it, there is no console. `singleSignOn`: the provider of `config.oidc`; without it, nobody can sign in with it.
 * `httpServer`: an HTTP or HTTPS server of the program, whose address this server shares; its own `host` and `port` are then
 * not used, and `listen` only begins to accept there. Node.js only.
 * @example
 * const config = configFrom({ port: 6001, apps: [{ id: "1001", key: "app-key", secret }] });
 * const server = await createServer(config, createPinoLog("info"));
 * const { port } = await server.listen();
 * process.once("SIGTERM", () => void server.drain());
 */
export async function createServer(
  config: ServerConfig,
  log: Log,
  ports: Partial<Omit<ServerPorts, "log" | "console">> & ServerSurroundings = {},
): Promise<SealcastServer> {
  const configured = createConfigFileAppStore(config.apps);
  const clock = ports.clock ?? systemClock;
  const database = await openDatabase(config, clock, log);
  const isOpen = database !== undefined && !(database instanceof AppDatabaseError);
  const apps = isOpen ? database.apps : configured;
  const random = ports.random ?? createCryptoRandom();
  const signer = ports.signer ?? createNodeSigner();
  // Turns take real time, also if a test moves the clock.
  const turns = new TurnBudget(systemClock);
  const engine = ports.engine ?? (await createEngine(config, { clock, random, log, turns }));
  const webhooks = ports.webhooks ?? createWebhooks(config, clock, log);
  const server = wireServer(config, {
    apps,
    transport: ports.transport ?? (await createTransport(config, clock, log, turns, ports.httpServer)),
    turns,
    ...ports,
    engine,
    random,
    signer,
    clock,
    log,
    metrics: ports.metrics ?? readMetricsPorts(config),
    console: ports.consoleFiles && (await readConsolePorts(config, ports.consoleFiles, ports.singleSignOn)),
    webhooks,
    usage: isOpen ? new UsageMeter(clock, database.usage) : createUsageMeter(config, apps, clock),
    editableApps: isOpen ? database : undefined,
    adminToken: config.adminToken === "" ? undefined : config.adminToken,
  });
  const close = async (ended: Promise<void>): Promise<void> => {
    await ended;
    if (isOpen) await database.close();
  };
  return {
    ...server,
    apps,
    replaceApps: (next) => configured.replace(next),
    listen: () => (database instanceof AppDatabaseError ? Promise.reject(database) : server.listen()),
    drain: () => close(server.drain()),
    close: () => close(server.close()),
  };
}

/** Opens the database of the apps, if they are in one. `listen` reports why that failed. */
async function openDatabase(
  config: ServerConfig,
  clock: Clock,
  log: Log,
): Promise<AppDatabase | AppDatabaseError | undefined> {
  if (config.appDatabase === "") return undefined;
  // Loaded on demand: apps of the configuration need no database library.
  const { openAppDatabase } = await import("./open-app-database.ts");
  try {
    return await openAppDatabase(config, clock, log);
  } catch (error) {
    if (error instanceof AppDatabaseError) return error;
    throw error;
  }
}

/** Where the processes of a cluster keep their queue: where they keep everything that they share. */
function sharedQueue(config: ServerConfig): WebhookSettings["redis"] {
  const { engineUrl: url, engineCluster: cluster, enginePrefix: prefix, engineSentinelPrimary: sentinel } = config;
  if (config.engine === "memory") return undefined;
  return { url, cluster, sentinelPrimary: sentinel === "" ? undefined : sentinel, prefix };
}

function createWebhooks(config: ServerConfig, clock: Clock, log: Log): Webhooks {
  const { dataDirectory, allowPrivateWebhookTargets: allowPrivateTargets } = config;
  const open = (listeners: DispatcherListeners): Promise<WebhookDispatcher> =>
    openWebhookDispatcher({ dataDirectory, allowPrivateTargets, redis: sharedQueue(config) }, log, listeners);
  const isAlone = config.engine === "memory";
  return new Webhooks({ open, clock, log, isAlone, place: isAlone ? fileQueue : redisQueue });
}

/**
 * Creates the transport of the runtime that runs this process: Node.js or Bun.
 *
 * @param server an HTTP server to share. Default: none.
 * @throws {TypeError} for an HTTP server to share on Bun, whose own HTTP server is another.
 */
export async function createTransport(
  config: ServerConfig,
  clock: Clock,
  log: Log,
  turns = new TurnBudget(systemClock),
  server?: SharedServer,
): Promise<Transport> {
  // Loaded on demand: each runtime has one of them only.
  if (process.versions.bun !== undefined) {
    if (server !== undefined) throw new TypeError("Expected no httpServer on Bun: it can be shared on Node.js only");
    const { createBunTransport } = await import("./adapters/transport/bun/bun-transport.ts");
    return createBunTransport(config, clock, log, turns);
  }
  const { createNodeTransport } = await import("./adapters/transport/node/node-transport.ts");
  return createNodeTransport(config, clock, log, turns, server);
}
