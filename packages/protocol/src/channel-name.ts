import { serverToUserPrefix } from "./channel-kind.ts";
import { limits } from "./limits.ts";
import { nameCharacters } from "./name-characters.ts";
import { fail, ok, quote, type Parsed } from "./parsed.ts";
import { isUserId, type UserId } from "./user-id.ts";

/** A checked channel name. Created only by {@link parseChannelName} and {@link serverToUserChannel}. */
export type ChannelName = string & { readonly __brand: "ChannelName" };

/**
 * Checks a channel name: letters, digits and `_ - = @ , . ;`, at most `maxLength` characters; or `#server-to-user-`
 * followed by a user id. Fails with `invalidChannelName`. Source: Channels documentation and all official libraries.
 *
 * @param maxLength in characters. Default 164.
 * @example
 * const parsed = parseChannelName("private-orders");
 * if (parsed.ok) subscribe(parsed.value); // a ChannelName
 */
export function parseChannelName(value: unknown, maxLength: number = limits.channelNameLength): Parsed<ChannelName> {
  if (typeof value !== "string" || value === "") return refuse(value, "expected a string that is not empty");
  if (value.startsWith("#")) {
    return value.startsWith(serverToUserPrefix) && isUserId(value.slice(serverToUserPrefix.length))
      ? ok(value as ChannelName)
      : refuse(value, 'expected "#server-to-user-" followed by a user id');
  }
  if (!nameCharacters.test(value)) return refuse(value, "expected only letters, digits and _ - = @ , . ;");
  if (value.length > maxLength) return refuse(value, `expected at most ${maxLength} characters, got ${value.length}`);
  return ok(value as ChannelName);
}

/**
 * Returns the channel that carries events to one signed-in user.
 *
 * @example
 * serverToUserChannel(userId); // "#server-to-user-ada"
 */
export function serverToUserChannel(userId: UserId): ChannelName {
  return `${serverToUserPrefix}${userId}` as ChannelName;
}

/** Returns the user whose server-to-user channel this is, or undefined for any other channel. */
export function userOfChannel(channel: ChannelName): UserId | undefined {
  return channel.startsWith(serverToUserPrefix) ? (channel.slice(serverToUserPrefix.length) as UserId) : undefined;
}

function refuse(value: unknown, why: string): ReturnType<typeof fail> {
  return fail("invalidChannelName", `Invalid channel name ${quote(value)}: ${why}`);
}
