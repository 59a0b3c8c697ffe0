import { parseChannelName, type ChannelName } from "./channel-name.ts";
import { isClientEvent, parseEventName, type EventName } from "./event-name.ts";
import { propertyText } from "./json-property.ts";
import { ownProperties, parseJson } from "./json.ts";
import { limits } from "./limits.ts";
import { fail, ok, quote, type Problem } from "./parsed.ts";

/** Every message that a client sends to the server. */
export type ClientMessage =
  | { readonly kind: "ping" }
  | { readonly kind: "pong" }
  | {
      readonly kind: "subscribe";
      readonly channel: ChannelName;
      /** `key:signature`; absent or empty if the channel needs none. */
      readonly auth: string | undefined;
      /** The exact text that the auth endpoint signed. */
      readonly channelData: string | undefined;
    }
  | { readonly kind: "unsubscribe"; readonly channel: ChannelName }
  | { readonly kind: "signin"; readonly auth: string; readonly userData: string }
  | {
      readonly kind: "recover";
      readonly channel: ChannelName;
      /** The last position that the client has; undefined: it only asks for positions from now on. */
      readonly after: { readonly epoch: string; readonly offset: number } | undefined;
    }
  | {
      /** The client could not decrypt an event. */
      readonly kind: "decryption-error";
      readonly channel: ChannelName;
      /** Name of the event, as it was sent. */
      readonly event: EventName;
      /** A word of lower-case letters and hyphens. */
      readonly reason: string;
    }
  | {
      readonly kind: "client-event";
      readonly event: EventName;
      readonly channel: ChannelName;
      /** What receivers get as `data`: the string that was sent, or the JSON text of any other value, as it was sent. */
      readonly data: string;
    };

/** A refused message; `channel` names the channel whose subscription failed, as the client wrote it. */
export interface ClientMessageProblem extends Problem {
  readonly channel?: string;
}

/** The result of {@link parseClientMessage}. */
export type ParsedClientMessage =
  | { readonly ok: true; readonly value: ClientMessage }
  | { readonly ok: false; readonly error: ClientMessageProblem };

type Fields = ReadonlyMap<string, unknown>;

const none: Fields = new Map();

/**
 * Parses one message of a client. `data` of the `pusher:` events may be an object or a string of JSON; unknown fields are
 * ignored. Never throws. Fails with `malformedMessage`, `unsupportedEvent`, `invalidChannelName` or `invalidEventName`.
 *
 * @param maxChannelNameLength longest accepted channel name, in characters. Default 164.
 *
 * @example
 * const parsed = parseClientMessage('{"event":"pusher:subscribe","data":{"channel":"orders"}}');
 * if (parsed.ok && parsed.value.kind === "subscribe") subscribe(parsed.value.channel);
 */
export function parseClientMessage(
  text: string,
  maxChannelNameLength: number = limits.channelNameLength,
): ParsedClientMessage {
  const json = parseJson(text, malformed("expected JSON"));
  if (!json.ok) return json;
  const message = ownProperties(json.value);
  if (message === undefined) return refuse("expected a JSON object");
  const event = message.get("event");
  if (typeof event !== "string") return refuse(`expected event to be a string, got ${quote(event)}`);
  switch (event) {
    case "pusher:ping":
      return ok({ kind: "ping" });
    case "pusher:pong":
      return ok({ kind: "pong" });
    case "pusher:subscribe":
      return parseSubscribe(fieldsOfData(message), maxChannelNameLength);
    case "pusher:unsubscribe":
      return parseUnsubscribe(fieldsOfData(message), maxChannelNameLength);
    case "pusher:signin":
      return parseSignin(fieldsOfData(message));
    case "sealcast:recover":
      return parseRecover(message, maxChannelNameLength);
    case "sealcast:decryption-error":
      return parseDecryptionError(message, maxChannelNameLength);
    default:
      return isClientEvent(event)
        ? parseClientEvent(text, event, message, maxChannelNameLength)
        : fail("unsupportedEvent", `Unsupported event received on socket: ${event.slice(0, limits.eventNameLength)}`);
  }
}

/**
 * Encodes a message as clients send it.
 *
 * @example
 * socket.send(encodeClientMessage({ kind: "ping" })); // {"event":"pusher:ping","data":{}}
 */
export function encodeClientMessage(message: ClientMessage): string {
  switch (message.kind) {
    case "ping":
    case "pong":
      return `{"event":"pusher:${message.kind}","data":{}}`;
    case "subscribe":
      return JSON.stringify({
        event: "pusher:subscribe",
        data: { auth: message.auth, channel_data: message.channelData, channel: message.channel },
      });
    case "unsubscribe":
      return JSON.stringify({ event: "pusher:unsubscribe", data: { channel: message.channel } });
    case "signin":
      return JSON.stringify({ event: "pusher:signin", data: { auth: message.auth, user_data: message.userData } });
    case "recover":
      return JSON.stringify({ event: "sealcast:recover", channel: message.channel, data: message.after ?? {} });
    case "decryption-error": {
      const { channel, event, reason } = message;
      return JSON.stringify({ event: "sealcast:decryption-error", channel, data: { event, reason } });
    }
    case "client-event":
      return JSON.stringify({ event: message.event, channel: message.channel, data: message.data });
  }
}

function parseSubscribe(data: Fields, maxChannelNameLength: number): ParsedClientMessage {
  const named = data.get("channel");
  const channel = parseChannelName(named, maxChannelNameLength);
  if (!channel.ok) return { ok: false, error: { ...channel.error, ...failedChannel(named) } };
  const auth = data.get("auth");
  const channelData = data.get("channel_data");
  if (auth !== undefined && auth !== null && typeof auth !== "string") {
    return refuse(`expected auth to be a string, got ${quote(auth)}`, channel.value);
  }
  if (channelData !== undefined && channelData !== null && typeof channelData !== "string") {
    return refuse(`expected channel_data to be the string that was signed, got ${quote(channelData)}`, channel.value);
  }
  return ok({
    kind: "subscribe",
    channel: channel.value,
    auth: auth ?? undefined,
    channelData: channelData ?? undefined,
  });
}

function parseUnsubscribe(data: Fields, maxChannelNameLength: number): ParsedClientMessage {
  const channel = parseChannelName(data.get("channel"), maxChannelNameLength);
  return channel.ok ? ok({ kind: "unsubscribe", channel: channel.value }) : channel;
}

function parseSignin(data: Fields): ParsedClientMessage {
  const auth = data.get("auth");
  const userData = data.get("user_data");
  if (typeof auth !== "string" || typeof userData !== "string") {
    return refuse("expected auth and user_data to be strings");
  }
  return ok({ kind: "signin", auth, userData });
}

function parseRecover(message: Fields, maxChannelNameLength: number): ParsedClientMessage {
  const channel = parseChannelName(message.get("channel"), maxChannelNameLength);
  if (!channel.ok) return channel;
  const data = fieldsOfData(message);
  const epoch = data.get("epoch");
  const offset = data.get("offset");
  if (epoch === undefined && offset === undefined)
    return ok({ kind: "recover", channel: channel.value, after: undefined });
  if (typeof epoch !== "string" || epoch === "" || epoch.length > 100) return refuse("expected epoch to be a string");
  if (typeof offset !== "number" || !Number.isSafeInteger(offset) || offset < 0) {
    return refuse("expected offset to be a whole number");
  }
  return ok({ kind: "recover", channel: channel.value, after: { epoch, offset } });
}

function parseDecryptionError(message: Fields, maxChannelNameLength: number): ParsedClientMessage {
  const channel = parseChannelName(message.get("channel"), maxChannelNameLength);
  if (!channel.ok) return channel;
  const data = fieldsOfData(message);
  const event = parseEventName(data.get("event"));
  if (!event.ok) return event;
  const reason = data.get("reason");
  if (typeof reason !== "string" || !/^[a-z-]{1,32}$/.test(reason)) {
    return refuse("expected reason to be a word of at most 32 lower-case letters and hyphens");
  }
  return ok({ kind: "decryption-error", channel: channel.value, event: event.value, reason });
}

function parseClientEvent(
  text: string,
  name: string,
  message: Fields,
  maxChannelNameLength: number,
): ParsedClientMessage {
  const event = parseEventName(name);
  if (!event.ok) return event;
  const channel = parseChannelName(message.get("channel"), maxChannelNameLength);
  if (!channel.ok) return channel;
  const value = message.get("data");
  const data = typeof value === "string" ? value : (propertyText(text, "data") ?? "null");
  return ok({ kind: "client-event", event: event.value, channel: channel.value, data });
}

/** The fields of `data`, which some clients send as a string of JSON. */
function fieldsOfData(message: Fields): Fields {
  const value = message.get("data");
  if (typeof value !== "string") return ownProperties(value) ?? none;
  const json = parseJson(value, malformed("expected data to be JSON"));
  return (json.ok ? ownProperties(json.value) : undefined) ?? none;
}

function failedChannel(named: unknown): { channel: string } | undefined {
  return typeof named === "string" && named.length <= limits.channelNameLengthCeiling ? { channel: named } : undefined;
}

function malformed(why: string): Problem {
  return { id: "malformedMessage", message: `Malformed message: ${why}` };
}

function refuse(why: string, channel?: string): { readonly ok: false; readonly error: ClientMessageProblem } {
  return { ok: false, error: { ...malformed(why), ...(channel === undefined ? undefined : { channel }) } };
}
