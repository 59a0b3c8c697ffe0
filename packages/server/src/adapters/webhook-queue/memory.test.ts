import { webhookQueueContract } from "@sealcast/server-testing/contracts";
import { MemoryWebhookQueue } from "./memory.ts";

webhookQueueContract("the queue in memory", {
  create: async (bounds) => new MemoryWebhookQueue(bounds),
  reopen: undefined,
});
