import { joinWebhook } from "@sealcast/protocol";
import type { HttpPost } from "../ports/http-sender.ts";
import type { Signer } from "../ports/signer.ts";
import type { WebhookDelivery } from "../ports/webhook-queue.ts";

/** Names the delivery; every attempt at it has the same value, so that a receiver can tell that it has it already. */
const deliveryIdHeader = "X-Sealcast-Delivery-Id";

/** Where a target's deliveries go and how they are signed. */
export interface WebhookRecipient {
  readonly url: string;
  /** Headers that the app adds. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether one delivery may hold several events. */
  readonly batch: boolean;
  /** The app's oldest live key, and its secret. */
  readonly key: string;
  readonly secret: string;
}

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
