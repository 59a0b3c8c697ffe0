import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { App, ServerSettings } from "@sealcast/server";
import { startServer, testApp, type TestServer } from "@sealcast/server-testing";
import { webhookEventNames } from "@sealcast/protocol";
import type { WebhookReceiver } from "../fixtures/webhook-receiver.ts";

type Webhook = App["webhooks"][number];

/** A webhook that wants every event of every channel. */
export function webhook(url: string, settings: Partial<Webhook> = {}): Webhook {
  const channels = { prefix: "", suffix: "" };
  return { url, events: [...webhookEventNames], channels, headers: {}, batch: false, ...settings };
}

/** A server whose app tells webhooks, with a queue that is removed at the end. */
export async function startWebhookServer(
  receiver: WebhookReceiver,
  settings: Partial<Webhook> = {},
  app: Partial<App> = {},
  server: Partial<ServerSettings> = {},
): Promise<TestServer> {
  const dataDirectory = mkdtempSync(join(tmpdir(), "sealcast-webhooks-"));
  const running = await startServer({
    apps: [testApp({ webhooks: [webhook(receiver.url(), settings)], ...app })],
    settings: { dataDirectory, allowPrivateWebhookTargets: true, ...server },
  });
  return {
    ...running,
    async close() {
      await running.close();
      rmSync(dataDirectory, { recursive: true });
    },
  };
}
