import { limits } from "./limits.ts";
import { ownProperties, parseJson, writeJson } from "./json.ts";
import { fail, ok, quote, type Parsed } from "./parsed.ts";
import { exceedsBytes, utf8Length } from "./utf8-length.ts";

/** One member of a presence channel, as other members see it. */
export interface Member {
  /** A string, even if the auth endpoint sent a number. */
  readonly userId: string;
  /** `user_info` as JSON text, or undefined if the user has none. */
  readonly userInfo: string | undefined;
}

/**
 * Parses the `channel_data` of a presence subscription. Check its signature first. Fails with `invalidChannelData`
 * (not JSON, no usable `user_id`, id over 128 characters) or `memberTooLarge`.
 *
 * @param maxInfoBytes largest JSON of `user_info`, in bytes. Default 1,024.
 */
export function parsePresenceData(text: string, maxInfoBytes: number = limits.userInfoBytes): Parsed<Member> {
  const json = parseJson(text, { id: "invalidChannelData", message: "Invalid channel_data: expected JSON" });
  if (!json.ok) return json;
  const fields = ownProperties(json.value);
  if (fields === undefined) return fail("invalidChannelData", "Invalid channel_data: expected a JSON object");
  const id = fields.get("user_id");
  if (typeof id === "number" && Math.abs(id) > Number.MAX_SAFE_INTEGER) {
    // JSON parsers round such numbers: two different ids could become equal.
    return fail("invalidChannelData", "Invalid channel_data: expected user_id as a string, got a number above 2^53");
  }
  const userId = typeof id === "number" ? String(id) : id;
  if (typeof userId !== "string" || userId === "") {
    return fail(
      "invalidChannelData",
      `Invalid channel_data: expected user_id to be a string or a number, got ${quote(id)}`,
    );
  }
  return memberOf(userId, fields.get("user_info"), maxInfoBytes);
}

/**
 * Builds a member from an id and a parsed `user_info`. Fails with `invalidChannelData` (id over 128 characters) or
 * `memberTooLarge`.
 */
export function memberOf(userId: string, info: unknown, maxInfoBytes: number): Parsed<Member> {
  if (userId.length > limits.presenceUserIdLength) {
    return fail(
      "invalidChannelData",
      `Invalid channel_data: expected a user_id of at most ${limits.presenceUserIdLength} characters, got ${userId.length}`,
    );
  }
  if (info === undefined || info === null) return ok({ userId, userInfo: undefined });
  const userInfo = writeJson(info);
  if (userInfo === undefined || exceedsBytes(userInfo, maxInfoBytes)) {
    const got = userInfo === undefined ? `more than ${limits.jsonDepth} levels` : `${utf8Length(userInfo)}`;
    return fail(
      "memberTooLarge",
      `Invalid channel_data: expected a user_info of at most ${maxInfoBytes} bytes, got ${got}`,
    );
  }
  return ok({ userId, userInfo });
}
