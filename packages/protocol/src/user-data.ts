import { ownProperties, parseJson } from "./json.ts";
import { fail, ok, type Parsed } from "./parsed.ts";
import { parseUserId, type UserId } from "./user-id.ts";

/** A signed-in user, as its `user_data` describes it. */
export interface UserData {
  readonly id: UserId;
  /** Any JSON value; undefined where there is none. */
  readonly userInfo: unknown;
  /** Ids of the users whose presence this one wants to hear of; of any length. */
  readonly watchlist: readonly string[];
}

/**
 * Reads the `user_data` of a sign-in, after its signature was checked. Fails with `invalidUserData` or `invalidUserId`.
 */
export function parseUserData(text: string): Parsed<UserData> {
  const json = parseJson(text, { id: "invalidUserData", message: "Invalid user_data: it must be JSON" });
  if (!json.ok) return json;
  const fields = ownProperties(json.value);
  if (fields === undefined) return fail("invalidUserData", "Invalid user_data: it must be a JSON object");
  const id = parseUserId(fields.get("id"));
  if (!id.ok) return id;
  const watchlist = fields.get("watchlist") ?? [];
  if (!Array.isArray(watchlist) || !watchlist.every((entry) => typeof entry === "string")) {
    return fail("invalidUserData", "Invalid user_data: watchlist must be an array of user ids as text");
  }
  return ok({ id: id.value, userInfo: fields.get("user_info"), watchlist });
}
