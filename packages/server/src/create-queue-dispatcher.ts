import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "./adapters/clock/system.ts";
import { createNodeHttpSender } from "./adapters/http-sender/node-http-sender.ts";
import { createCryptoRandom } from "./adapters/random/node-crypto.ts";
import { createNodeSigner } from "./adapters/signer/node-crypto.ts";
import { defaultQueueBounds } from "./adapters/webhook-queue/queue-bounds.ts";
import type { RedisAddress } from "./adapters/engine/redis/connection/redis-connection.ts";
import type { Log } from "./ports/log.ts";
import type { WebhookQueue } from "./ports/webhook-queue.ts";
import type { AttemptListener, WebhookDispatcher } from "./ports/webhook-dispatcher.ts";
import { QueueDispatcher } from "./webhooks/queue-dispatcher.ts";

/** What the sending of webhooks is set to. */
export interface WebhookSettings {
  /** Folder of the queue's file; it is created if it does not exist. */
  readonly dataDirectory: string;
  readonly allowPrivateTargets: boolean;
  /** Where the processes of a cluster keep their common queue; undefined: the queue is a file of this process. */
  readonly redis: SharedQueueSettings | undefined;
}

/** The Redis of a cluster. */
export interface SharedQueueSettings extends RedisAddress {
  /** Begins every key. */
  readonly prefix: string;
}

/**
 * Opens the queue and what sends from it, on the thread that calls.
 *
 * @throws Error with a message for operators if the queue cannot be opened.
 */
export async function createQueueDispatcher(
  settings: WebhookSettings,
  log: Log,
  attempted: AttemptListener,
): Promise<WebhookDispatcher> {
  return new QueueDispatcher({
    queue: await (settings.redis === undefined ? openFile(settings.dataDirectory) : openShared(settings.redis, log)),
    sender: createNodeHttpSender({ allowPrivateTargets: settings.allowPrivateTargets }),
    clock: systemClock,
    random: createCryptoRandom(),
    signer: createNodeSigner(),
    log,
    attempted,
    newId: randomUUID,
  });
}

async function openFile(folder: string): Promise<WebhookQueue> {
  const { SqliteWebhookQueue } = await import("./adapters/webhook-queue/sqlite.ts");
  mkdirSync(folder, { recursive: true });
  return new SqliteWebhookQueue(join(folder, "webhooks.db"), defaultQueueBounds);
}

async function openShared({ prefix, ...address }: SharedQueueSettings, log: Log): Promise<WebhookQueue> {
  const { NodeRedisConnection } = await import("./adapters/engine/redis/connection/node-redis-connection.ts");
  const { RedisWebhookQueue } = await import("./adapters/webhook-queue/redis/redis.ts");
  const redis = new NodeRedisConnection(address);
  await redis.open({
    up: () => log.info("webhook.queue_available"),
    down: (reason) => log.warn("webhook.queue_unavailable", { reason }),
  });
  return new RedisWebhookQueue({
    redis,
    clock: systemClock,
    prefix,
    process: randomUUID(),
    bounds: defaultQueueBounds,
  });
}
