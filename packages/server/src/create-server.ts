import { createConfigFileAppStore } from "./adapters/app-store/config-file.ts";
import { systemClock } from "./adapters/clock/system.ts";
import { createEngine } from "./create-engine.ts";
import { createCryptoRandom } from "./adapters/random/node-crypto.ts";
import { createNodeSigner } from "./adapters/signer/node-crypto.ts";
import type { ServerConfig } from "./config/server-config.ts";
import type { App } from "./core/app.ts";
import { openWebhookDispatcher } from "./open-webhook-dispatcher.ts";
import type { Clock } from "./ports/clock.ts";
import type { Log } from "./ports/log.ts";
import type { Transport } from "./ports/transport.ts";
import type { WebhookDispatcher } from "./ports/webhook-dispatcher.ts";
import { Webhooks } from "./webhooks/webhooks.ts";
import { wireServer, type ServerPorts, type WiredServer } from "./wire-server.ts";

/** Largest message of a client besides the data of its event, in bytes. */
const messageOverheadBytes = 4_096;

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
 * @param ports replacements for single ports; tests pass their own clock or engine.
 */
export async function createServer(
  config: ServerConfig,
  log: Log,
  ports: Partial<Omit<ServerPorts, "log">> = {},
): Promise<SealcastServer> {
  const apps = createConfigFileAppStore(config.apps);
  const clock = ports.clock ?? systemClock;
  const random = ports.random ?? createCryptoRandom();
  const server = wireServer(config, {
    apps,
    transport: ports.transport ?? (await createTransport(config, log)),
    engine: ports.engine ?? (await createEngine(config, { clock, random, log })),
    random,
    signer: ports.signer ?? createNodeSigner(),
    clock,
    ...ports,
    log,
    observers: ports.observers ?? [],
    webhooks: ports.webhooks ?? createWebhooks(config, clock, log),
  });
  return { ...server, replaceApps: (next) => apps.replace(next) };
}

function createWebhooks(config: ServerConfig, clock: Clock, log: Log): Webhooks {
  const { dataDirectory, allowPrivateWebhookTargets: allowPrivateTargets } = config;
  const open = (ended: () => void): Promise<WebhookDispatcher> =>
    openWebhookDispatcher({ dataDirectory, allowPrivateTargets }, log, ended);
  return new Webhooks({ open, clock, log, isAlone: true });
}

/** Creates the transport of the runtime that runs this process: Node.js or Bun. */
export async function createTransport(config: ServerConfig, log: Log): Promise<Transport> {
  const maxFrameBytes = config.maxFrameBytes === 0 ? defaultMaxFrameBytes(config.apps) : config.maxFrameBytes;
  // Loaded on demand: each runtime has one of them only.
  if (process.versions.bun !== undefined) {
    const { createBunTransport } = await import("./adapters/transport/bun/bun-transport.ts");
    return createBunTransport(config, maxFrameBytes, log);
  }
  const { createNodeTransport } = await import("./adapters/transport/node/node-transport.ts");
  return createNodeTransport(config, maxFrameBytes, log);
}

/** Returns the largest message that a client may send, in bytes, if the configuration does not set it. */
export function defaultMaxFrameBytes(apps: readonly App[]): number {
  return apps.reduce((largest, { maxEventBytes }) => Math.max(largest, maxEventBytes), 0) + messageOverheadBytes;
}
