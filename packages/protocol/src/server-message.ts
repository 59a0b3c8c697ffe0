import { ownProperties, parseJson } from "./json.ts";
import { fail, ok, quote, type Parsed } from "./parsed.ts";
import { encodeRoster } from "./encode-roster.ts";
import type { RosterSnapshot } from "./presence-roster.ts";

/** Users who came online or went offline, as one connection's watchlist sees it. */
export interface WatchlistChange {
  readonly name: "online" | "offline";
  readonly userIds: readonly string[];
}

/** Every message that the server sends to a client. */
export type ServerMessage =
  | {
      readonly kind: "connection-established";
      readonly socketId: string;
      readonly activityTimeoutSeconds: number;
      /** Whether channels of the app keep events, so that clients can recover what they missed. */
      readonly recovery: boolean;
    }
  | {
      readonly kind: "error";
      readonly message: string;
      /** The error code of the protocol, or null if it has none. */
      readonly code: number | null;
    }
  | { readonly kind: "ping" }
  | { readonly kind: "pong" }
  | { readonly kind: "signin-success"; readonly userData: string }
  | {
      readonly kind: "subscription-succeeded";
      readonly channel: string;
      /** On presence channels: all members, the subscriber included. */
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
  | {
      readonly kind: "position";
      readonly channel: string;
      /** Position of the event before this message; undefined: the channel keeps no event. */
      readonly position: { readonly epoch: string; readonly offset: number } | undefined;
      /** After a recovery: whether all missed events were sent. */
      readonly recovered: boolean | undefined;
    }
  | { readonly kind: "watchlist-events"; readonly events: readonly WatchlistChange[] }
  | {
      readonly kind: "channel-event";
      readonly event: string;
      readonly channel: string;
      readonly data: string;
      /** The sender, if this is a client event on a presence channel. */
      readonly userId: string | undefined;
    };

/**
 * Encodes a message of the server. On the wire, `data` is a string that contains JSON; only `pusher:error` has an object
 * instead. Clients in other languages depend on both.
 *
 * @example
 * encodeServerMessage({ kind: "pong" }); // {"event":"pusher:pong","data":"{}"}
 */
export function encodeServerMessage(message: ServerMessage): string {
  switch (message.kind) {
    case "channel-event":
      return encodeChannelEvent(message.event, message.channel, message.data, message.userId);
    case "connection-established":
      return encode("pusher:connection_established", undefined, {
        socket_id: message.socketId,
        activity_timeout: message.activityTimeoutSeconds,
        ...(message.recovery ? { recovery: true } : undefined),
      });
    case "error":
      return JSON.stringify({ event: "pusher:error", data: { message: message.message, code: message.code } });
    case "ping":
    case "pong":
      return `{"event":"pusher:${message.kind}","data":"{}"}`;
    case "signin-success":
      return encode("pusher:signin_success", undefined, { user_data: message.userData });
    case "subscription-succeeded":
      return message.roster === undefined
        ? encodeText("pusher_internal:subscription_succeeded", message.channel, "{}")
        : `{"event":"pusher_internal:subscription_succeeded","channel":${JSON.stringify(message.channel)},"data":${encodeRoster(message.roster)}}`;
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
    case "position":
      return encode("pusher_internal:position", message.channel, { ...message.position, recovered: message.recovered });
    case "watchlist-events":
      return encode("pusher_internal:watchlist_events", undefined, {
        events: message.events.map(({ name, userIds }) => ({ name, user_ids: userIds })),
      });
  }
}

/**
 * Encodes an event of a channel.
 *
 * @param data reaches clients unchanged, as one string: usually JSON text.
 * @param userId the sender of a client event on a presence channel.
 */
export function encodeChannelEvent(event: string, channel: string, data: string, userId?: string): string {
  return channelEventEncoder(event, data, userId)(channel);
}

/**
 * Returns a function that encodes the same event for one channel after another; `data` is encoded only once.
 *
 * @example
 * const encode = channelEventEncoder("price", '{"now":12}');
 * for (const channel of channels) send(channel, encode(channel));
 */
export function channelEventEncoder(event: string, data: string, userId?: string): (channel: string) => string {
  return encodedEventEncoder(event, JSON.stringify(data), userId);
}

/**
 * Returns the same function as `channelEventEncoder`, for data that is encoded already: a server may encode very long data in
 * several parts.
 *
 * @param encodedData the data as `JSON.stringify` encodes it.
 * @example
 * const encode = encodedEventEncoder("price", JSON.stringify('{"now":12}'));
 */
export function encodedEventEncoder(event: string, encodedData: string, userId?: string): (channel: string) => string {
  const start = `{"event":${JSON.stringify(event)},"channel":`;
  const user = userId === undefined ? "" : `,"user_id":${JSON.stringify(userId)}`;
  const end = `,"data":${encodedData}${user}}`;
  return (channel) => `${start}${JSON.stringify(channel)}${end}`;
}

/** A message of the server as it is on the wire; `data` is not decoded yet. */
export interface ServerFrame {
  readonly event: string;
  readonly channel: string | undefined;
  /** A string in every event except `pusher:error`; undefined if the server sent none. */
  readonly data: unknown;
  readonly userId: string | undefined;
}

/**
 * Parses one message of a server. Never throws. Fails with `malformedMessage`.
 *
 * @example
 * const frame = parseServerFrame('{"event":"e","channel":"orders","data":"{}"}');
 * if (frame.ok) console.log(frame.value.event); // "e"
 */
export function parseServerFrame(text: string): Parsed<ServerFrame> {
  const json = parseJson(text, { id: "malformedMessage", message: "Malformed message: expected JSON" });
  if (!json.ok) return json;
  const fields = ownProperties(json.value);
  const event = fields?.get("event");
  if (fields === undefined || typeof event !== "string") {
    return fail("malformedMessage", `Malformed message: expected event to be a string, got ${quote(event)}`);
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

function encode(event: string, channel: string | undefined, data: Readonly<Record<string, unknown>>): string {
  return encodeText(event, channel, JSON.stringify(data));
}

function encodeText(event: string, channel: string | undefined, data: string): string {
  return JSON.stringify({ event, channel, data });
}
