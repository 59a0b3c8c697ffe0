import { ThreadDispatcher } from "./adapters/webhook-dispatcher/thread-dispatcher.ts";
import type { WebhookSettings } from "./create-queue-dispatcher.ts";
import type { Log } from "./ports/log.ts";
import type { DispatcherListeners, WebhookDispatcher } from "./ports/webhook-dispatcher.ts";

/**
 * Opens the queue of the webhooks and what sends from it, on a thread of its own. Rejects with a message for operators if the
 * queue's file cannot be opened.
 */
export async function openWebhookDispatcher(
  settings: WebhookSettings,
  log: Log,
  { ended, attempted }: DispatcherListeners,
): Promise<WebhookDispatcher> {
  // Node.js 20 does not run TypeScript: run from source, as tests do, everything is on one thread.
  if (import.meta.url.endsWith(".ts")) {
    const { createQueueDispatcher } = await import("./create-queue-dispatcher.ts");
    return createQueueDispatcher(settings, log, attempted);
  }
  return ThreadDispatcher.open(new URL("./webhook-thread.js", import.meta.url), settings, log, {
    ended,
    attempted,
  });
}
