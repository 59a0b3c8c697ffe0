import { sign } from "#signature";
import { constantTimeEqual, decodeUtf8, encodeUtf8 } from "@sealcast/crypto";
import { parseWebhook, type WebhookEvent } from "@sealcast/protocol";
import type { AppKeys } from "./authorize.ts";
import { checkList, checkObject, invalid, wrongType } from "./arguments.ts";
import { checkOptionNames } from "./option-names.ts";
import { openEvent, type EventReader } from "./open-event.ts";
import { SealcastError } from "./sealcast-error.ts";
import type { Token } from "./signed-query.ts";

/** A webhook request, as any framework receives it. */
export interface WebhookRequest {
  /** Header names in any letter case. */
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The body as received, before any parsing: bytes, or their text. */
  readonly rawBody: Uint8Array | string;
}

/** Which webhooks to accept. */
export interface WebhookTrust {
  /** Further keys and secrets of the app to accept, while the app's secret is being replaced. */
  readonly extraTokens?: readonly Token[];
  /** Greatest age, in milliseconds. Default 600,000 (10 minutes): servers repeat failed webhooks for 5 minutes. */
  readonly maxAgeMs?: number;
}

/** One event of a webhook. The data of a client event on an encrypted channel is decrypted if the ring has its key. */
export type OpenedWebhookEvent =
  | Exclude<WebhookEvent, { readonly name: "client_event" }>
  | (Extract<WebhookEvent, { readonly name: "client_event" }> & {
      /** `none`: the channel is not encrypted; `opened`: `data` is the decrypted text; `unreadable`: `data` is as received. */
      readonly encryption: "none" | "opened" | "unreadable";
    });

/** A webhook whose signature and age are valid. */
export interface OpenedWebhook {
  /** The same for every attempt at one delivery, to recognize repeated ones; undefined from a server that sends none. */
  readonly deliveryId: string | undefined;
  readonly time: Date;
  readonly events: readonly OpenedWebhookEvent[];
}

/**
 * Verifies and parses a webhook. The body is not parsed before its signature is verified.
 *
 * @throws {SealcastError} `webhook-key`, `webhook-signature`, `webhook-malformed` or `webhook-stale`.
 */
export function openWebhook(
  request: WebhookRequest,
  { token, encryption, sealed }: AppKeys,
  nowMs: number,
  trust: WebhookTrust,
): OpenedWebhook {
  checkRequest(request);
  const { extraTokens = [], maxAgeMs = 600_000 } = checkedTrust(trust);
  const body = typeof request.rawBody === "string" ? encodeUtf8(request.rawBody) : request.rawBody;
  const key = headerOf(request.headers, "x-pusher-key");
  const signature = headerOf(request.headers, "x-pusher-signature") ?? "";
  const candidates = [token, ...extraTokens].filter((candidate) => candidate.key === key);
  if (candidates.length === 0)
    throw new SealcastError("webhook-key", "The webhook is signed with a key that is not this app's");
  if (!candidates.some(({ secret }) => constantTimeEqual(sign(secret, body), signature))) {
    throw new SealcastError("webhook-signature", "The webhook's signature does not match its body");
  }
  const contentType = headerOf(request.headers, "content-type") ?? "";
  if (!/^application\/json\s*(;|$)/i.test(contentType)) {
    throw new SealcastError("webhook-malformed", "The webhook's content type must be application/json");
  }
  const webhook = parseWebhook(decodeUtf8(body) ?? "");
  if (!webhook.ok) throw new SealcastError("webhook-malformed", webhook.error.message);
  const { timeMs, events } = webhook.value;
  if (Math.abs(nowMs - timeMs) > maxAgeMs) {
    throw new SealcastError(
      "webhook-stale",
      `The webhook is ${Math.round((nowMs - timeMs) / 1_000)} s old, at most ${maxAgeMs / 1_000} s are allowed`,
    );
  }
  return {
    deliveryId: headerOf(request.headers, "x-sealcast-delivery-id"),
    time: new Date(timeMs),
    events: events.map((event) => openClientEvent({ encryption, sealed }, event)),
  };
}

function checkRequest(request: WebhookRequest): void {
  checkObject("request", "an object with headers and rawBody", request);
  checkObject("headers", "the headers of the request", request.headers);
  const { rawBody } = request;
  if (typeof rawBody === "string" || ArrayBuffer.isView(rawBody)) return;
  throw wrongType("rawBody", "the body as received, as bytes or text", rawBody);
}

function checkedTrust(trust: WebhookTrust): WebhookTrust {
  checkOptionNames("webhook", trust, ["extraTokens", "maxAgeMs"]);
  const { extraTokens, maxAgeMs } = trust;
  if (extraTokens !== undefined) {
    checkList("extraTokens", "a list of keys and secrets", extraTokens);
    for (const token of extraTokens) checkObject("token in extraTokens", "an object with key and secret", token);
  }
  if (maxAgeMs !== undefined && !(typeof maxAgeMs === "number" && maxAgeMs >= 0)) {
    throw invalid("Invalid maxAgeMs: expected a number of at least 0");
  }
  return trust;
}

function openClientEvent(reader: EventReader, event: WebhookEvent): OpenedWebhookEvent {
  if (event.name !== "client_event") return event;
  const { name, data, encryption } = openEvent(reader, event.channel, { name: event.event, data: event.data });
  return { ...event, event: name, data, encryption };
}

function headerOf(headers: WebhookRequest["headers"], name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined;
  const found = Object.entries(headers).find(([header]) => header.toLowerCase() === name)?.[1];
  return typeof found === "string" ? found : found?.[0];
}
