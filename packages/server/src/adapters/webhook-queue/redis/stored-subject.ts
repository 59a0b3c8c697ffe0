import type { WebhookSubject } from "../../../core/webhooks/webhook-offer.ts";

/** A subject with the channel that its events belong to. */
export interface StoredSubject {
  readonly channel: string;
  readonly subject: WebhookSubject | undefined;
}

/** Returns what is stored of a subject; "" for none. */
export function encodeSubject(subject: WebhookSubject | undefined, channel: string): string {
  return subject === undefined ? "" : JSON.stringify({ channel, subject });
}

/** Reads what `encodeSubject` has written. */
export function decodeSubject(text: string): StoredSubject {
  if (text === "") return { channel: "", subject: undefined };
  const { channel, subject } = JSON.parse(text) as { channel: string; subject: WebhookSubject };
  return { channel, subject };
}
