import { isUserId, limits, parseEventName, type UserId } from "@sealcast/protocol";
import { invalid } from "./arguments.ts";
import { isEncryptedChannel } from "./encryption.ts";
import { typeName } from "./option-names.ts";
import { warnOnce } from "./warn-once.ts";

/*
 * Checks of names before anything is signed or sent. The messages are those of the official library.
 */

/**
 * Checks a channel name: 1 to 200 of the allowed characters. A colon is not allowed, so a name can never forge the signed
 * text of a sign-in.
 */
export function checkChannelName(channel: unknown): asserts channel is string {
  if (typeof channel !== "string" || !/^[A-Za-z0-9_\-=@,.;]+$/.test(channel)) {
    throw invalid(`Invalid channel name: '${shown(channel)}'`);
  }
  if (channel.length > limits.channelNameLengthCeiling) throw invalid(`Channel name too long: '${channel}'`);
  if (!isEncryptedChannel(channel) && isEncryptedChannel(channel.toLowerCase())) {
    warnOnce(`Channel "${channel}" is not encrypted: the prefix private-encrypted- must be in lower case.`);
  }
}

/** Checks a socket id: two numbers joined by a dot. */
export function checkSocketId(socketId: unknown): asserts socketId is string {
  if (typeof socketId !== "string" || !/^\d+\.\d+$/.test(socketId)) {
    throw invalid(`Invalid socket id: '${shown(socketId)}'`);
  }
}

/** Checks an idempotency key: 1 to 80 ASCII characters without spaces. */
export function checkIdempotencyKey(key: unknown): void {
  if (typeof key === "string" && /^[\x21-\x7e]{1,80}$/.test(key)) return;
  throw invalid(`Invalid idempotency key: expected 1 to 80 ASCII characters without spaces, got '${shown(key)}'`);
}

/** Checks an event name: 1 to 200 characters. */
export function checkEventName(event: unknown): asserts event is string {
  const name = parseEventName(event);
  if (!name.ok) throw invalid(name.error.message);
}

/** Checks only the length of an event name, as the official library does. */
export function checkEventNameLength(event: string): void {
  if (event.length > limits.eventNameLength) throw invalid(`Too long event name: '${event}'`);
}

/** Checks a user id, which becomes part of a path or of a channel name. */
export function checkUserId(userId: unknown): asserts userId is UserId {
  if (typeof userId !== "string" || !isUserId(userId)) throw invalid(`Invalid user id: '${shown(userId)}'`);
}

/** Checks the data of a user who signs in: an object with an `id` of text. */
export function checkUserData(userData: unknown): asserts userData is { readonly id: string } {
  if (typeof userData !== "object" || userData === null) throw invalid(`Invalid user data: '${shown(userData)}'`);
  const id = "id" in userData ? userData.id : undefined;
  if (typeof id !== "string" || id === "") throw invalid(`Invalid user id: '${shown(id)}'`);
}

/** Returns a value as text; an object, whose own `toString` may throw, as the name of its type. */
function shown(value: unknown): string {
  return (typeof value === "object" && value !== null) || typeof value === "function" ? typeName(value) : String(value);
}
