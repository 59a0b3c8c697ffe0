import type { AppSettings } from "../apps/app.ts";

/** Most bytes of `user_info` in the list of a presence channel: each new member gets all of it in one message. */
const maxListBytes = 10 * 1_024 * 1_024;

/**
 * Returns how many users a presence channel of an app may have: `maxPresenceMembers`, or fewer if the list of so many members
 * with `maxMemberBytes` each would be longer than 10 MiB.
 */
export function memberLimit({
  maxPresenceMembers,
  maxMemberBytes,
}: Pick<AppSettings, "maxPresenceMembers" | "maxMemberBytes">): number {
  return Math.min(maxPresenceMembers, Math.floor(maxListBytes / maxMemberBytes));
}
