import type { Member } from "./presence-data.ts";

/** The members of a presence channel as subscribers see them: one entry per user, in the order of arrival. */
export type RosterSnapshot = readonly Member[];

/**
 * The members of one presence channel. A user is a member as long as one of the user's connections is subscribed. Of
 * these connections, the one that subscribed first determines the `user_info` that new subscribers receive.
 *
 * @example
 * const roster = new PresenceRoster();
 * roster.join("1.1", { userId: "ada", userInfo: undefined }); // true: the first connection of the user
 * roster.join("1.2", { userId: "ada", userInfo: undefined }); // false
 * roster.leave("1.1", "ada"); // false: another connection is left
 * roster.leave("1.2", "ada"); // true
 */
export class PresenceRoster {
  readonly #users = new Map<string, Map<string, Member>>();

  /** Number of distinct users. */
  get userCount(): number {
    return this.#users.size;
  }

  /** Returns whether a connection of the user is subscribed. */
  has(userId: string): boolean {
    return this.#users.has(userId);
  }

  /** Adds a connection of a user. Returns true if it is the user's first; the others then get `member_added`. */
  join(socketId: string, member: Member): boolean {
    const connections = this.#users.get(member.userId);
    if (connections === undefined) {
      this.#users.set(member.userId, new Map([[socketId, member]]));
      return true;
    }
    connections.set(socketId, member);
    return false;
  }

  /** Removes a connection of a user. Returns true if it was the user's last; the others then get `member_removed`. */
  leave(socketId: string, userId: string): boolean {
    const connections = this.#users.get(userId);
    if (connections === undefined || !connections.delete(socketId) || connections.size > 0) return false;
    this.#users.delete(userId);
    return true;
  }

  /** Returns each member once. */
  snapshot(): RosterSnapshot {
    const members: Member[] = [];
    for (const connections of this.#users.values()) {
      for (const member of connections.values()) {
        members.push(member);
        break;
      }
    }
    return members;
  }

  /** Returns the ids of all members. */
  userIds(): readonly string[] {
    return [...this.#users.keys()];
  }
}
