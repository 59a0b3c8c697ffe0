import type { EntryType } from "@sealcast/server/console";

/** How a kind of entry appears: its label, and the color group of its badge. */
export const entryKinds: Readonly<Record<EntryType, { readonly label: string; readonly tone: string }>> = {
  connection: { label: "Connection", tone: "good" },
  disconnection: { label: "Disconnection", tone: "plain" },
  subscribed: { label: "Subscribed", tone: "good" },
  unsubscribed: { label: "Unsubscribed", tone: "plain" },
  occupied: { label: "Occupied", tone: "state" },
  vacated: { label: "Vacated", tone: "state" },
  "api-message": { label: "API message", tone: "message" },
  "client-event": { label: "Client event", tone: "message" },
  "presence-event": { label: "Presence event", tone: "state" },
  "webhook-sent": { label: "Webhook sent", tone: "message" },
  "webhook-failed": { label: "Webhook failed", tone: "bad" },
  error: { label: "Error", tone: "bad" },
  "api-error": { label: "API error", tone: "bad" },
  "client-error": { label: "Client error", tone: "bad" },
  "decryption-error": { label: "Decryption error", tone: "bad" },
  "operator-action": { label: "Operator action", tone: "state" },
};
