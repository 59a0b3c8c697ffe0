import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "./adapters/clock/system.ts";
import { createNodeHttpSender } from "./adapters/http-sender/node-http-sender.ts";
import { createCryptoRandom } from "./adapters/random/node-crypto.ts";
import { createNodeSigner } from "./adapters/signer/node-crypto.ts";
import { defaultQueueBounds } from "./adapters/webhook-queue/queue-bounds.ts";
import { SqliteWebhookQueue } from "./adapters/webhook-queue/sqlite.ts";
import type { Log } from "./ports/log.ts";
import type { AttemptListener, WebhookDispatcher } from "./ports/webhook-dispatcher.ts";
import { QueueDispatcher } from "./webhooks/queue-dispatcher.ts";

/** What the sending of webhooks is set to. */
export interface WebhookSettings {
  /** Folder of the queue's file; it is created if it does not exist. */
  readonly dataDirectory: string;
  readonly allowPrivateTargets: boolean;
}

/**
 * Opens the queue and what sends from it, on the thread that calls.
 *
 * @throws Error with a reason for people if the queue's file cannot be opened.
 */
export function createQueueDispatcher(
  settings: WebhookSettings,
  log: Log,
  attempted: AttemptListener,
): WebhookDispatcher {
  mkdirSync(settings.dataDirectory, { recursive: true });
  return new QueueDispatcher({
    queue: new SqliteWebhookQueue(join(settings.dataDirectory, "webhooks.db"), defaultQueueBounds),
    sender: createNodeHttpSender({ allowPrivateTargets: settings.allowPrivateTargets }),
    clock: systemClock,
    random: createCryptoRandom(),
    signer: createNodeSigner(),
    log,
    attempted,
    newId: randomUUID,
  });
}
