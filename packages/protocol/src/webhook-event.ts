import { ownProperties, parseJson } from "./json.ts";
import { fail, ok, type Parsed } from "./parsed.ts";

/** The events that a webhook can report. Source: Channels documentation, webhooks. */
export const webhookEventNames = [
  "channel_occupied",
  "channel_vacated",
  "member_added",
  "member_removed",
  "client_event",
  "cache_miss",
  "subscription_count",
] as const;

/** Name of a kind of webhook event. */
export type WebhookEventName = (typeof webhookEventNames)[number];

/** One event of a webhook. */
export type WebhookEvent =
  | { readonly name: "channel_occupied" | "channel_vacated" | "cache_miss"; readonly channel: string }
  | { readonly name: "member_added" | "member_removed"; readonly channel: string; readonly userId: string }
  | {
      readonly name: "client_event";
      readonly channel: string;
      readonly event: string;
      /** The data that subscribers received; ciphertext on encrypted channels. */
      readonly data: string;
      readonly socketId: string;
      /** On presence channels only. */
      readonly userId: string | undefined;
    }
  | { readonly name: "subscription_count"; readonly channel: string; readonly count: number };

/** The body of one webhook request. */
export interface Webhook {
  /** When the webhook was created, in Unix milliseconds. Repeated attempts keep it. */
  readonly timeMs: number;
  readonly events: readonly WebhookEvent[];
}

/**
 * Encodes the body of a webhook request. Sign and send exactly these bytes.
 *
 * @example
 * const body = encodeWebhook({ timeMs: Date.now(), events: [{ name: "channel_occupied", channel: "orders" }] });
 */
export function encodeWebhook(webhook: Webhook): string {
  return joinWebhook(webhook.timeMs, webhook.events.map(encodeWebhookEvent));
}

/** Encodes one event of a webhook, for a queue that joins events to a body later: see {@link joinWebhook}. */
export function encodeWebhookEvent(event: WebhookEvent): string {
  return JSON.stringify(wireEvent(event));
}

/**
 * Joins encoded events to the body of one webhook request. The same arguments give the same bytes.
 *
 * @param timeMs when the webhook was made, in Unix milliseconds.
 * @param encodedEvents texts that `encodeWebhookEvent` wrote; at least one.
 */
export function joinWebhook(timeMs: number, encodedEvents: readonly string[]): string {
  return `{"time_ms":${timeMs},"events":[${encodedEvents.join(",")}]}`;
}

/**
 * Parses the body of a webhook. Check its signature first. Skips events with an unknown name, so that a newer server does
 * not break an older receiver. Fails with `malformedMessage`, naming the broken rule.
 *
 * @param text the body, as the request carried it.
 * @example
 * const webhook = parseWebhook(body);
 * if (webhook.ok) for (const event of webhook.value.events) console.log(event.name, event.channel);
 */
export function parseWebhook(text: string): Parsed<Webhook> {
  const json = parseJson(text, { id: "malformedMessage", message: "Invalid webhook: expected JSON" });
  if (!json.ok) return json;
  const fields = ownProperties(json.value);
  const timeMs = fields?.get("time_ms");
  const wireEvents = fields?.get("events");
  if (typeof timeMs !== "number" || !Array.isArray(wireEvents)) {
    return refuse("expected an object with a number time_ms and an array events");
  }
  const events: WebhookEvent[] = [];
  for (const [index, value] of wireEvents.entries()) {
    const event = readEvent(ownProperties(value) ?? new Map<string, unknown>());
    if (event === undefined)
      return refuse(`expected event ${index} to have all fields of its kind, with the right types`);
    if (event !== "unknown") events.push(event);
  }
  return ok({ timeMs, events });
}

function wireEvent(event: WebhookEvent): Readonly<Record<string, unknown>> {
  const { name, channel } = event;
  switch (name) {
    case "channel_occupied":
    case "channel_vacated":
    case "cache_miss":
      return { name, channel };
    case "member_added":
    case "member_removed":
      return { name, channel, user_id: event.userId };
    case "client_event":
      return { name, channel, event: event.event, data: event.data, socket_id: event.socketId, user_id: event.userId };
    case "subscription_count":
      return { name, channel, subscription_count: event.count };
  }
}

function readEvent(fields: ReadonlyMap<string, unknown>): WebhookEvent | "unknown" | undefined {
  const name = fields.get("name");
  if (typeof name !== "string") return undefined;
  if (!isWebhookEventName(name)) return "unknown";
  const channel = fields.get("channel");
  const userId = fields.get("user_id");
  if (typeof channel !== "string") return undefined;
  switch (name) {
    case "channel_occupied":
    case "channel_vacated":
    case "cache_miss":
      return { name, channel };
    case "member_added":
    case "member_removed":
      return typeof userId === "string" ? { name, channel, userId } : undefined;
    case "client_event": {
      const [event, data, socketId] = [fields.get("event"), fields.get("data"), fields.get("socket_id")];
      if (typeof event !== "string" || typeof data !== "string" || typeof socketId !== "string") return undefined;
      if (userId !== undefined && typeof userId !== "string") return undefined;
      return { name, channel, event, data, socketId, userId };
    }
    case "subscription_count": {
      const count = fields.get("subscription_count");
      return typeof count === "number" ? { name, channel, count } : undefined;
    }
  }
}

function isWebhookEventName(name: string): name is WebhookEventName {
  return (webhookEventNames as readonly string[]).includes(name);
}

function refuse(rule: string): ReturnType<typeof fail> {
  return fail("malformedMessage", `Invalid webhook: ${rule}`);
}
