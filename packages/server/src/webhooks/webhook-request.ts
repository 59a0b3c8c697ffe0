import { joinWebhook } from "@sealcast/protocol";
import type { HttpPost } from "../ports/http-sender.ts";
import type { Signer } from "../ports/signer.ts";
import type { WebhookRecipient } from "../ports/webhook-dispatcher.ts";
import type { WebhookDelivery } from "../ports/webhook-queue.ts";

/** Names the delivery; every attempt at it has the same value, so that a receiver can tell that it has it already. */
const deliveryIdHeader = "X-Sealcast-Delivery-Id";

/** Makes the request of a delivery. The same arguments give the same bytes. Source: Channels documentation, webhooks. */
export function webhookRequest(delivery: WebhookDelivery, recipient: WebhookRecipient, signer: Signer): HttpPost {
  const { url, headers, key, secret } = recipient;
  const body = joinWebhook(delivery.timeMs, delivery.events);
  return {
    url,
    body,
    headers: {
      ...headers,
      // Exactly this: the official Node.js library accepts no charset.
      "Content-Type": "application/json",
      "User-Agent": "Sealcast",
      "X-Pusher-Key": key,
      "X-Pusher-Signature": signer.sign(secret, body),
      [deliveryIdHeader]: delivery.id,
    },
  };
}
