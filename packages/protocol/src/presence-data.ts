import { limits } from "./limits.ts";
import { characterCount, exceedsCharacters } from "./character-count.ts";
import { jsonLength, propertyText } from "./json-property.ts";
import { ownProperties, parseJson } from "./json.ts";
import { fail, ok, quote, type Parsed } from "./parsed.ts";

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
 * @param text the exact text that was signed.
 * @param maxInfoBytes largest JSON of `user_info`, in bytes. Default 1,024.
 * @example
 * const member = parsePresenceData('{"user_id":"ada","user_info":{"name":"Ada"}}');
 * if (member.ok) console.log(member.value.userId); // "ada"
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
  return memberOf(userId, userInfoText(text, fields), maxInfoBytes);
}

/**
 * Builds a member from an id and the JSON text of `user_info`. Fails with `invalidChannelData` (id over 128 characters) or
 * `memberTooLarge`.
 *
 * @param maxInfoBytes largest `user_info`, in bytes of its JSON.
 */
export function memberOf(userId: string, userInfo: string | undefined, maxInfoBytes: number): Parsed<Member> {
  if (exceedsCharacters(userId, limits.presenceUserIdLength)) {
    return fail(
      "invalidChannelData",
      `Invalid channel_data: expected a user_id of at most ${limits.presenceUserIdLength} characters, got ${characterCount(userId)}`,
    );
  }
  const bytes = userInfo === undefined ? 0 : jsonLength(userInfo);
  if (bytes > maxInfoBytes) {
    return fail(
      "memberTooLarge",
      `Invalid channel_data: expected a user_info of at most ${maxInfoBytes} bytes, got ${bytes}`,
    );
  }
  return ok({ userId, userInfo });
}

/** The JSON text of `user_info`, as it stands in `text`; undefined if there is none, or if it is null. */
export function userInfoText(text: string, fields: ReadonlyMap<string, unknown>): string | undefined {
  const info = fields.get("user_info") ?? undefined;
  return info === undefined ? undefined : propertyText(text, "user_info");
}
