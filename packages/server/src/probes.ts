import { createNodeHttpSender } from "./adapters/http-sender/node-http-sender.ts";
import { createNodeSigner } from "./adapters/signer/node-crypto.ts";
import type { ServerConfig } from "./config/server-config.ts";
import type { App } from "./core/app.ts";
import { EngineStartError } from "./core/engine-start-error.ts";
import type { ServerSettings } from "./core/server-settings.ts";
import type { HttpOutcome } from "./ports/http-sender.ts";
import { webhookRequest } from "./webhooks/webhook-request.ts";

/**
 * Connects to the engine that the settings name, as a server does at its start, and disconnects again. Nothing is written.
 * Returns what would keep a server from starting; undefined if nothing does, and for the memory engine.
 */
export async function probeEngine(settings: ServerSettings): Promise<EngineStartError | undefined> {
  if (settings.engine === "memory") return undefined;
  const { NodeRedisConnection } = await import("./adapters/engine/redis/node-redis-connection.ts");
  const { engineUrl: url, engineCluster: cluster, engineSentinelPrimary } = settings;
  const sentinelPrimary = engineSentinelPrimary === "" ? undefined : engineSentinelPrimary;
  const connection = new NodeRedisConnection({ url, cluster, sentinelPrimary });
  try {
    await connection.open({ up: () => undefined, down: () => undefined });
    return undefined;
  } catch (error) {
    if (error instanceof EngineStartError) return error;
    throw error;
  } finally {
    await connection.close();
  }
}

/** The result of a request to one webhook. */
export interface WebhookProbe {
  readonly url: string;
  readonly outcome: HttpOutcome;
}

/**
 * Sends a signed delivery without events to each webhook of an app, from this machine and with the same rules as a server:
 * private addresses only if the configuration allows them.
 */
export async function probeWebhooks(app: App, config: ServerConfig): Promise<readonly WebhookProbe[]> {
  const sender = createNodeHttpSender({ allowPrivateTargets: config.allowPrivateWebhookTargets });
  const [{ key, secret }] = app.credentials;
  const delivery = { id: "probe", target: "probe", timeMs: Date.now(), events: [] };
  try {
    return await Promise.all(
      app.webhooks.map(async ({ url, headers, batch }) => {
        const request = webhookRequest(delivery, { url, headers, batch, key, secret }, createNodeSigner());
        return { url, outcome: await sender.post(request) };
      }),
    );
  } finally {
    sender.close();
  }
}
