import type { Member } from "./presence-data.ts";
import type { RosterSnapshot } from "./presence-roster.ts";

/** What a member adds to a list of members, escaped as text within JSON text. */
interface Entry {
  readonly id: string;
  readonly idAndInfo: string;
}

/** Length of `user_info` together from which entries are kept for the next subscriber, in UTF-16 units. */
const largeLength = 256 * 1_024;

const kept = new WeakMap<Member, Entry>();

/**
 * Returns the data of `subscription_succeeded` as a JSON string: a JSON text, escaped. Each further subscriber to a channel
 * gets nearly the same list. If it is large, escaping all of it again would take most of the time of a subscription.
 */
export function encodeRoster(roster: RosterSnapshot): string {
  const length = roster.reduce((sum, { userInfo }) => sum + (userInfo?.length ?? 0), 0);
  const entries = roster.map(length < largeLength ? entryOf : keptEntryOf);
  let ids = "";
  let hash = "";
  // Strings that are added together are copied once, when they are written; `join` would copy a large list before that.
  for (const { id, idAndInfo } of entries) {
    const comma = ids === "" ? "" : ",";
    ids += comma + id;
    hash += comma + idAndInfo;
  }
  return `"${escaped(`{"presence":{"ids":[`)}${ids}${escaped(`],"hash":{`)}${hash}${escaped(`},"count":${roster.length}}}`)}"`;
}

function keptEntryOf(member: Member): Entry {
  const known = kept.get(member);
  if (known !== undefined) return known;
  const entry = entryOf(member);
  kept.set(member, entry);
  return entry;
}

function entryOf({ userId, userInfo }: Member): Entry {
  const id = JSON.stringify(userId);
  return { id: escaped(id), idAndInfo: escaped(`${id}:${userInfo ?? "null"}`) };
}

/** A text as it stands between the quotation marks of a JSON string. */
function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
