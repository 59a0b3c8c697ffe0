import { encodeServerMessage, type ChannelName, type Member } from "@sealcast/protocol";

/** Messages for the other subscribers of a presence channel: `arrival` of a user, `departure` of the same user. */
export function presenceAnnouncements(
  channel: ChannelName,
  { userId, userInfo }: Member,
): { readonly arrival: string; readonly departure: string } {
  return {
    arrival: encodeServerMessage({ kind: "member-added", channel, userId, userInfo }),
    departure: encodeServerMessage({ kind: "member-removed", channel, userId }),
  };
}
