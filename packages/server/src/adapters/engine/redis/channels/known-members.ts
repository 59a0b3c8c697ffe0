import type { Member } from "@sealcast/protocol";

/** Length of `user_info` together from which members are kept, in UTF-16 units: `encodeRoster` then keeps their texts. */
const largeLength = 256 * 1_024;

/**
 * The members of a presence channel as the subscribers on this node know them: from their rosters, and from the
 * announcements since. A node that was cut off has missed announcements; the difference tells which.
 */
export class KnownMembers {
  /** Undefined: nobody on this node has a roster. */
  #users: Set<string> | undefined;
  /** The members of the last roster, if it was large. */
  #kept: ReadonlyMap<string, Member> | undefined;

  /**
   * Returns the members of a roster; those that have not changed since the last large one are the same objects, so that
   * they are not encoded again.
   */
  unchanged(members: readonly Member[]): readonly Member[] {
    const length = members.reduce((sum, { userInfo }) => sum + (userInfo?.length ?? 0), 0);
    const same = members.map((member) => {
      const known = this.#kept?.get(member.userId);
      return known !== undefined && known.userInfo === member.userInfo ? known : member;
    });
    this.#kept = length < largeLength ? undefined : new Map(same.map((member) => [member.userId, member]));
    return same;
  }

  /** A first subscriber gets a roster. */
  begin(members: readonly Member[]): void {
    this.#users ??= new Set(members.map(({ userId }) => userId));
  }

  /** Whether somebody on this node has a roster. */
  get isKnown(): boolean {
    return this.#users !== undefined;
  }

  has(userId: string): boolean {
    return this.#users?.has(userId) === true;
  }

  /** A change is to be announced. Returns whether the subscribers do not know it. */
  change(change: "added" | "removed", userId: string): boolean {
    if (this.#users === undefined) return false;
    if (change === "removed") return this.#users.delete(userId);
    if (this.#users.has(userId)) return false;
    this.#users.add(userId);
    return true;
  }

  /** Nobody on this node is subscribed any more. */
  forget(): void {
    this.#users = undefined;
    this.#kept = undefined;
  }

  /** Takes over the members who are really there. Returns what the subscribers have missed. */
  replace(members: readonly Member[]): { readonly removed: readonly string[]; readonly added: readonly Member[] } {
    const known = this.#users;
    if (known === undefined) return { removed: [], added: [] };
    this.#users = new Set(members.map(({ userId }) => userId));
    const present = this.#users;
    return {
      removed: [...known].filter((userId) => !present.has(userId)),
      added: members.filter(({ userId }) => !known.has(userId)),
    };
  }
}
