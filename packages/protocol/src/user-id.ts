import { limits } from "./limits.ts";
import { fail, ok, quote, type Parsed } from "./parsed.ts";

/** A checked id of a signed-in user. Made by {@link parseUserId}. */
export type UserId = string & { readonly __brand: "UserId" };

const allowed = /^[A-Za-z0-9_\-=@,.;]+$/;

/**
 * Checks a user id: text of 1 to 199 characters out of those of a channel name. Fails with `invalidUserId`.
 * Source: the official server libraries.
 */
export function parseUserId(value: unknown): Parsed<UserId> {
  if (typeof value === "string" && isUserId(value)) return ok(value);
  return fail(
    "invalidUserId",
    `Invalid user id ${quote(value)}: text of 1 to ${limits.userIdLength} characters out of A-Z a-z 0-9 _ - = @ , . ; is wanted`,
  );
}

/** Whether a text is a user id. */
export function isUserId(value: string): value is UserId {
  return value.length <= limits.userIdLength && allowed.test(value);
}
