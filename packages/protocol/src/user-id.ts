import { limits } from "./limits.ts";
import { nameCharacters } from "./name-characters.ts";
import { fail, ok, quote, type Parsed } from "./parsed.ts";

/** A checked id of a signed-in user. Created by {@link parseUserId}. */
export type UserId = string & { readonly __brand: "UserId" };

/**
 * Checks a user id: 1 to 199 characters, the same ones as in channel names. Fails with `invalidUserId`.
 * Source: the official server libraries.
 */
export function parseUserId(value: unknown): Parsed<UserId> {
  if (typeof value === "string" && isUserId(value)) return ok(value);
  return fail(
    "invalidUserId",
    `Invalid user id ${quote(value)}: expected 1 to ${limits.userIdLength} characters from A-Z a-z 0-9 _ - = @ , . ;`,
  );
}

/** Returns whether a text is a user id. */
export function isUserId(value: string): value is UserId {
  return value.length <= limits.userIdLength && nameCharacters.test(value);
}
