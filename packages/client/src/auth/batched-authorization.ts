import { textOf } from "../untrusted.ts";
import type { Authorization } from "./authorization.ts";
import { authorizeBatched } from "./authorize-batched.ts";
import { createAuthorization, type AuthorizationSettings } from "./create-authorization.ts";
import type { SignedInUser } from "./member-grant.ts";

/** The authorization of the modern entry: one request for all channels that wait; ids of members are texts. */
export function batchedAuthorization(settings: AuthorizationSettings, user: SignedInUser): Authorization {
  return createAuthorization(settings, user, authorizeBatched, (userId) => textOf(userId) || undefined);
}
