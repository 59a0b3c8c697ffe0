import { createAdminApi } from "./admin-api/create-admin-api.ts";
import { createConfigFileAppStore } from "./adapters/app-store/config-file.ts";
import { readConsolePorts, type ConsoleFiles } from "./console-ports.ts";
import { systemClock } from "./adapters/clock/system.ts";
import { createEngine } from "./create-engine.ts";
import { createCryptoRandom } from "./adapters/random/node-crypto.ts";
import { createNodeSigner } from "./adapters/signer/node-crypto.ts";
import type { ServerConfig } from "./config/server-config.ts";
import type { App } from "./core/app.ts";
import { openWebhookDispatcher } from "./open-webhook-dispatcher.ts";
import { readMetricsPorts } from "./metrics-ports.ts";
import type { Clock } from "./ports/clock.ts";
import type { Log } from "./ports/log.ts";
import type { Transport } from "./ports/transport.ts";
import type { DispatcherListeners, WebhookDispatcher } from "./ports/webhook-dispatcher.ts";
import { Webhooks } from "./webhooks/webhooks.ts";
import { wireServer, type ServerPorts, type WiredServer } from "./wire-server.ts";

/** A server whose apps come from the configuration. */
export interface SealcastServer extends WiredServer {
  /** Replaces the apps. Has no effect on a server that was given another app store. */
  replaceApps(apps: readonly App[]): void;
}

/**
 * Creates a server for the runtime that runs it.
 *
 * @param config checked configuration, as the loader makes it.
 * @param log where log lines go.
 * @param ports replacements for single ports; tests pass their own clock or engine. `consoleFiles`: the page of the console;
 * without it, there is no console.
 */
export async function createServer(
  config: ServerConfig,
  log: Log,
  ports: Partial<Omit<ServerPorts, "log" | "console">> & { readonly consoleFiles?: ConsoleFiles | undefined } = {},
): Promise<SealcastServer> {
  const apps = createConfigFileAppStore(config.apps);
  const clock = ports.clock ?? systemClock;
  const random = ports.random ?? createCryptoRandom();
  const signer = ports.signer ?? createNodeSigner();
  const engine = ports.engine ?? (await createEngine(config, { clock, random, log }));
  const webhooks = ports.webhooks ?? createWebhooks(config, clock, log);
  const admin = { apps: ports.apps ?? apps, engine, webhooks };
  const server = wireServer(config, {
    apps,
    transport: ports.transport ?? (await createTransport(config, clock, log)),
    ...ports,
    engine,
    random,
    signer,
    clock,
    log,
    metrics: ports.metrics ?? readMetricsPorts(config, ports.consoleFiles?.version ?? ""),
    console: ports.consoleFiles && (await readConsolePorts(config, ports.consoleFiles)),
    webhooks,
    routes: [
      ...(ports.routes ?? []),
      ...(config.adminToken === "" ? [] : createAdminApi({ token: config.adminToken, signer, clock }, admin)),
    ],
  });
  return { ...server, replaceApps: (next) => apps.replace(next) };
}

function createWebhooks(config: ServerConfig, clock: Clock, log: Log): Webhooks {
  const { dataDirectory, allowPrivateWebhookTargets: allowPrivateTargets } = config;
  const open = (listeners: DispatcherListeners): Promise<WebhookDispatcher> =>
    openWebhookDispatcher({ dataDirectory, allowPrivateTargets }, log, listeners);
  return new Webhooks({ open, clock, log, isAlone: config.engine === "memory" });
}

/** Creates the transport of the runtime that runs this process: Node.js or Bun. */
export async function createTransport(config: ServerConfig, clock: Clock, log: Log): Promise<Transport> {
  // Loaded on demand: each runtime has one of them only.
  if (process.versions.bun !== undefined) {
    const { createBunTransport } = await import("./adapters/transport/bun/bun-transport.ts");
    return createBunTransport(config, clock, log);
  }
  const { createNodeTransport } = await import("./adapters/transport/node/node-transport.ts");
  return createNodeTransport(config, clock, log);
}
