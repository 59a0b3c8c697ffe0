import type { Member } from "./presence-data.ts";

/** What the other subscribers see of a presence channel: one entry per user, in the order of arrival. */
export type RosterSnapshot = readonly Member[];

/**
 * The members of one presence channel. A user is there as long as one of its connections is; what others see of the user
 * comes from the connection that has been there longest.
 */
export class PresenceRoster {
  readonly #users = new Map<string, Map<string, Member>>();

  /** Number of distinct users. */
  get userCount(): number {
    return this.#users.size;
  }

  /** Whether the user has a connection here. */
  has(userId: string): boolean {
    return this.#users.has(userId);
  }

  /** Adds a connection of a user; true when it is the user's first, so that the others must be told. */
  join(socketId: string, member: Member): boolean {
    const connections = this.#users.get(member.userId);
    if (connections === undefined) {
      this.#users.set(member.userId, new Map([[socketId, member]]));
      return true;
    }
    connections.set(socketId, member);
    return false;
  }

  /** Removes a connection of a user; true when it was the user's last, so that the others must be told. */
  leave(socketId: string, userId: string): boolean {
    const connections = this.#users.get(userId);
    if (connections === undefined || !connections.delete(socketId) || connections.size > 0) return false;
    this.#users.delete(userId);
    return true;
  }

  /** Every user once. */
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

  /** The ids of all users. */
  userIds(): readonly string[] {
    return [...this.#users.keys()];
  }
}
