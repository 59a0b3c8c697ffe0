import { ownProperties, parseJson } from "./json.ts";
import { fail, ok, type Parsed } from "./parsed.ts";
import { userInfoText } from "./presence-data.ts";
import { parseUserId, type UserId } from "./user-id.ts";

/** A signed-in user, as described by `user_data`. */
export interface UserData {
  readonly id: UserId;
  /** JSON text, as it was sent; undefined if there is none. */
  readonly userInfo: string | undefined;
  /** Ids of the users to watch; any number of them. */
  readonly watchlist: readonly string[];
}

/**
 * Parses the `user_data` of a sign-in. Check its signature first. Fails with `invalidUserData` or `invalidUserId`.
 *
 * @param text the exact text that was signed.
 * @example
 * const user = parseUserData('{"id":"ada","watchlist":["bob"]}');
 */
export function parseUserData(text: string): Parsed<UserData> {
  const json = parseJson(text, { id: "invalidUserData", message: "Invalid user_data: expected JSON" });
  if (!json.ok) return json;
  const fields = ownProperties(json.value);
  if (fields === undefined) return fail("invalidUserData", "Invalid user_data: expected a JSON object");
  const id = parseUserId(fields.get("id"));
  if (!id.ok) return id;
  const watchlist = fields.get("watchlist") ?? [];
  if (!Array.isArray(watchlist) || !watchlist.every((entry) => typeof entry === "string")) {
    return fail("invalidUserData", "Invalid user_data: expected watchlist to be an array of strings");
  }
  return ok({ id: id.value, userInfo: userInfoText(text, fields), watchlist });
}
