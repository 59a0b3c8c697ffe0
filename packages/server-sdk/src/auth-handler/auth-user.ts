import { SealcastError } from "../sealcast-error.ts";

/** The user who sent a request, as the application knows them. */
export interface AuthUser {
  /** Text that identifies the user: letters, digits and `_ - = @ , . ;`. */
  readonly id: string;
  /** What the other members of presence channels see. */
  readonly user_info?: unknown;
  /** Ids of the users whose sign-ins and sign-outs this user is notified of. */
  readonly watchlist?: readonly string[];
}

/**
 * Checks what `authenticate` returned, whatever its type: JavaScript applications are not type-checked.
 *
 * @returns the user; undefined if nobody is signed in: a falsy value, or an object without an `id`.
 * @throws {SealcastError} `invalid-argument` for a value that claims a user without naming one, such as `true`, a text,
 * or an object whose `id` is not a text.
 */
export function readUser<User extends AuthUser>(found: User | null | undefined | false): User | undefined {
  const value: unknown = found;
  if (!value) return undefined;
  if (typeof value !== "object") throw noUser(`a value of type ${typeof value}`);
  const id = "id" in value ? value.id : undefined;
  if (id === undefined || id === null) return undefined;
  if (typeof id !== "string") throw noUser(`a user whose id is of type ${typeof id}`);
  if (id === "") throw noUser("a user whose id is empty");
  return value as User;
}

function noUser(found: string): SealcastError {
  return new SealcastError(
    "invalid-argument",
    `The authenticate function returned ${found}: expected a user with an id of text, or null if nobody is signed in`,
  );
}
