import type { Member, SocketId } from "@sealcast/protocol";

/** Length of `user_info` together from which members are kept, in UTF-16 units: `encodeRoster` then keeps their texts. */
const largeLength = 256 * 1_024;

/** What the subscribers on a node have missed. */
export interface MissedMembers {
  readonly removed: readonly string[];
  /** `except` is the subscriber whose roster has the member already. */
  readonly added: readonly { readonly member: Member; readonly except: SocketId | undefined }[];
}

/**
 * The members of a presence channel as the subscribers on this node know them: from their rosters, and from the
 * announcements since. A node that was cut off has missed announcements; the difference tells which.
 */
export class KnownMembers {
  /** Undefined: nobody on this node has a roster. */
  #users: Set<string> | undefined;
  /** Subscribers that have themselves in their rosters, while their arrival is still to be announced to the others. */
  readonly #arriving = new Map<string, SocketId>();
  /** The members of the last roster, if it was large. */
  #kept: ReadonlyMap<string, Member> | undefined;

  /**
   * Returns the members of a roster; those that have not changed since the last large one are the same objects, so that
   * they are not encoded again.
   */
  reuse(members: readonly Member[]): readonly Member[] {
    const length = members.reduce((sum, { userInfo }) => sum + (userInfo?.length ?? 0), 0);
    const same = members.map((member) => {
      const known = this.#kept?.get(member.userId);
      return known !== undefined && known.userInfo === member.userInfo ? known : member;
    });
    this.#kept = length < largeLength ? undefined : new Map(same.map((member) => [member.userId, member]));
    return same;
  }

  /**
   * A subscriber gets a roster. Returns what the others have missed. Its own arrival is announced anyway, unless another
   * connection of the user waits for that.
   */
  begin(members: readonly Member[], userId: string, socketId: SocketId): MissedMembers {
    if (this.#users === undefined) {
      this.#users = idsOf(members);
      return nothingMissed;
    }
    if (this.#users.has(userId) || this.#arriving.has(userId)) return this.replace(members);
    const missed = this.replace(members.filter((member) => member.userId !== userId));
    this.#arriving.set(userId, socketId);
    return missed;
  }

  /** Whether somebody on this node has a roster. */
  get isKnown(): boolean {
    return this.#users !== undefined;
  }

  /** A change is to be announced. Returns whether the subscribers do not know it. */
  change(change: "added" | "removed", userId: string): boolean {
    if (this.#users === undefined) return false;
    this.#arriving.delete(userId);
    if (change === "removed") return this.#users.delete(userId);
    if (this.#users.has(userId)) return false;
    this.#users.add(userId);
    return true;
  }

  /** Nobody on this node is subscribed any more. */
  forget(): void {
    this.#users = undefined;
    this.#arriving.clear();
    this.#kept = undefined;
  }

  /** Takes over the members who are really there. Returns what the subscribers have missed. */
  replace(members: readonly Member[]): MissedMembers {
    const known = this.#users;
    if (known === undefined) return nothingMissed;
    const present = idsOf(members);
    this.#users = present;
    const removed = [...known].filter((userId) => !present.has(userId));
    const added = members
      .filter(({ userId }) => !known.has(userId))
      .map((member) => ({ member, except: this.#arriving.get(member.userId) }));
    this.#arriving.clear();
    return { removed, added };
  }
}

const nothingMissed: MissedMembers = { removed: [], added: [] };

function idsOf(members: readonly Member[]): Set<string> {
  return new Set(members.map(({ userId }) => userId));
}
