import { ownProperties, parseJson } from "./json.ts";
import { fail, ok, quote, type Parsed } from "./parsed.ts";
import type { RosterSnapshot } from "./presence-roster.ts";

/** Users who came online or went offline, as one connection's watchlist sees it. */
export interface WatchlistChange {
  readonly name: "online" | "offline";
  readonly userIds: readonly string[];
}

/** Every message that the server sends to a client. */
export type ServerMessage =
  | { readonly kind: "connection-established"; readonly socketId: string; readonly activityTimeoutSeconds: number }
  | {
      readonly kind: "error";
      readonly message: string;
      /** The number of the protocol, or null where it has none. */
      readonly code: number | null;
    }
  | { readonly kind: "ping" }
  | { readonly kind: "pong" }
  | { readonly kind: "signin-success"; readonly userData: string }
  | {
      readonly kind: "subscription-succeeded";
      readonly channel: string;
      /** On presence channels: everybody there, the subscriber included. */
      readonly roster: RosterSnapshot | undefined;
    }
  | {
      readonly kind: "subscription-error";
      readonly channel: string;
      readonly type: string;
      readonly error: string;
      readonly status: number;
    }
  | {
      readonly kind: "member-added";
      readonly channel: string;
      readonly userId: string;
      /** JSON text. */
      readonly userInfo: string | undefined;
    }
  | { readonly kind: "member-removed"; readonly channel: string; readonly userId: string }
  | { readonly kind: "subscription-count"; readonly channel: string; readonly count: number }
  | { readonly kind: "cache-miss"; readonly channel: string }
  | { readonly kind: "watchlist-events"; readonly events: readonly WatchlistChange[] }
  | {
      readonly kind: "channel-event";
      readonly event: string;
      readonly channel: string;
      readonly data: string;
      /** Sender of a client event on a presence channel. */
      readonly userId: string | undefined;
    };

/**
 * Writes a message as the wire wants it: `data` is JSON inside a JSON text everywhere but in `pusher:error`. Clients in
 * other languages depend on both halves of that rule.
 */
export function encodeServerMessage(message: ServerMessage): string {
  switch (message.kind) {
    case "channel-event":
      return encodeChannelEvent(message.event, message.channel, message.data, message.userId);
    case "connection-established":
      return encode("pusher:connection_established", undefined, {
        socket_id: message.socketId,
        activity_timeout: message.activityTimeoutSeconds,
      });
    case "error":
      return JSON.stringify({ event: "pusher:error", data: { message: message.message, code: message.code } });
    case "ping":
    case "pong":
      return `{"event":"pusher:${message.kind}","data":"{}"}`;
    case "signin-success":
      return encode("pusher:signin_success", undefined, { user_data: message.userData });
    case "subscription-succeeded":
      return encodeText(
        "pusher_internal:subscription_succeeded",
        message.channel,
        message.roster === undefined ? "{}" : presenceData(message.roster),
      );
    case "subscription-error":
      return encode("pusher:subscription_error", message.channel, {
        type: message.type,
        error: message.error,
        status: message.status,
      });
    case "member-added":
      return encodeText(
        "pusher_internal:member_added",
        message.channel,
        message.userInfo === undefined
          ? `{"user_id":${JSON.stringify(message.userId)}}`
          : `{"user_id":${JSON.stringify(message.userId)},"user_info":${message.userInfo}}`,
      );
    case "member-removed":
      return encode("pusher_internal:member_removed", message.channel, { user_id: message.userId });
    case "subscription-count":
      return encode("pusher_internal:subscription_count", message.channel, { subscription_count: message.count });
    case "cache-miss":
      return encodeText("pusher:cache_miss", message.channel, "{}");
    case "watchlist-events":
      return encode("pusher_internal:watchlist_events", undefined, {
        events: message.events.map(({ name, userIds }) => ({ name, user_ids: userIds })),
      });
  }
}

/** Writes an event of a channel; `data` is passed on unchanged, as one JSON text. */
export function encodeChannelEvent(event: string, channel: string, data: string, userId?: string): string {
  const start = `{"event":${JSON.stringify(event)},"channel":${JSON.stringify(channel)},"data":${JSON.stringify(data)}`;
  return userId === undefined ? `${start}}` : `${start},"user_id":${JSON.stringify(userId)}}`;
}

/** A message from the server as the wire shows it, `data` still undecoded. */
export interface ServerFrame {
  readonly event: string;
  readonly channel: string | undefined;
  /** A text in every event but `pusher:error`; undefined where the server sent none. */
  readonly data: unknown;
  readonly userId: string | undefined;
}

/** Reads one message of a server. Fails with `malformedMessage`. */
export function parseServerFrame(text: string): Parsed<ServerFrame> {
  const json = parseJson(text, { id: "malformedMessage", message: "Malformed message: it must be JSON" });
  if (!json.ok) return json;
  const fields = ownProperties(json.value);
  const event = fields?.get("event");
  if (fields === undefined || typeof event !== "string") {
    return fail("malformedMessage", `Malformed message: event must be text, found ${quote(event)}`);
  }
  const channel = fields.get("channel");
  const userId = fields.get("user_id");
  return ok({
    event,
    channel: typeof channel === "string" ? channel : undefined,
    data: fields.get("data"),
    userId: typeof userId === "string" ? userId : undefined,
  });
}

function presenceData(roster: RosterSnapshot): string {
  const ids = roster.map((member) => JSON.stringify(member.userId));
  const hash = roster.map((member, index) => `${ids[index]}:${member.userInfo ?? "null"}`);
  return `{"presence":{"ids":[${ids.join(",")}],"hash":{${hash.join(",")}},"count":${roster.length}}}`;
}

function encode(event: string, channel: string | undefined, data: Readonly<Record<string, unknown>>): string {
  return encodeText(event, channel, JSON.stringify(data));
}

function encodeText(event: string, channel: string | undefined, data: string): string {
  return JSON.stringify({ event, channel, data });
}
