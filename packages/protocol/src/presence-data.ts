import { limits } from "./limits.ts";
import { ownProperties, parseJson, writeJson } from "./json.ts";
import { fail, ok, quote, type Parsed } from "./parsed.ts";
import { exceedsBytes, utf8Length } from "./utf8-length.ts";

/** One user on a presence channel, as the others see it. */
export interface Member {
  /** As text, even where the auth endpoint sent a number. */
  readonly userId: string;
  /** `user_info` as JSON text, or undefined where the user has none. */
  readonly userInfo: string | undefined;
}

/**
 * Reads the `channel_data` of a presence subscription, after its signature was checked. Fails with `invalidChannelData`
 * (not JSON, no usable `user_id`, id over 128 characters) or `memberTooLarge`.
 *
 * @param maxInfoBytes largest JSON of `user_info`, in bytes.
 */
export function parsePresenceData(text: string, maxInfoBytes: number = limits.userInfoBytes): Parsed<Member> {
  const json = parseJson(text, { id: "invalidChannelData", message: "Invalid channel_data: it must be JSON" });
  if (!json.ok) return json;
  const fields = ownProperties(json.value);
  if (fields === undefined) return fail("invalidChannelData", "Invalid channel_data: it must be a JSON object");
  const id = fields.get("user_id");
  if (typeof id === "number" && Math.abs(id) > Number.MAX_SAFE_INTEGER) {
    // Two such ids could become one in a JSON parser.
    return fail("invalidChannelData", "Invalid channel_data: user_id is a number above 2^53; send it as text");
  }
  const userId = typeof id === "number" ? String(id) : id;
  if (typeof userId !== "string" || userId === "") {
    return fail("invalidChannelData", `Invalid channel_data: user_id must be text or a number, found ${quote(id)}`);
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
      `Invalid channel_data: user_id has ${userId.length} characters, at most ${limits.presenceUserIdLength} are allowed`,
    );
  }
  if (info === undefined || info === null) return ok({ userId, userInfo: undefined });
  const userInfo = writeJson(info);
  if (userInfo === undefined || exceedsBytes(userInfo, maxInfoBytes)) {
    const found = userInfo === undefined ? "too deeply nested" : `${utf8Length(userInfo)} bytes`;
    return fail("memberTooLarge", `user_info is ${found}, at most ${maxInfoBytes} bytes are allowed`);
  }
  return ok({ userId, userInfo });
}
