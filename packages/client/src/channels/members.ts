import { fieldsOf, textOf } from "../fields-of.ts";

/** A member of a presence channel. */
export interface Member<Info = unknown> {
  readonly id: string;
  /** What the application's server said about this member. */
  readonly info: Info;
}

/** The members of a presence channel, one per user. Ids are compared as text. */
export class Members<Info = unknown> {
  /** User id → info. */
  members: Record<string, Info> = bare();
  /** Number of members. */
  count = 0;
  /** Id of this client's user, as the application's server named it. */
  myID: string | null = null;
  /** This client's user. */
  me: Member<Info> | null = null;

  /** The member with an id, or null. */
  get(id: string): Member<Info> | null {
    return id in this.members ? { id, info: this.members[id] as Info } : null;
  }

  /** Calls `callback` for each member. */
  each(callback: (member: Member<Info>) => void): void {
    for (const [id, info] of Object.entries(this.members)) callback({ id, info });
  }

  /** For the channel alone: takes the list that a new subscriber gets. */
  onSubscription(data: unknown): void {
    this.members = bare(fieldsOf(fieldsOf(data)["presence"])["hash"] as Record<string, Info>);
    this.count = Object.keys(this.members).length;
    this.me = this.get(String(this.myID));
  }

  /** For the channel alone: adds a member, or changes the info of one. */
  addMember(data: unknown): Member<Info> | null {
    const { user_info } = fieldsOf(data);
    const id = userIdIn(data);
    if (!(id in this.members)) this.count += 1;
    this.members[id] = user_info as Info;
    return this.get(id);
  }

  /** For the channel alone: removes a member; null where there was none. */
  removeMember(data: unknown): Member<Info> | null {
    const id = userIdIn(data);
    const member = this.get(id);
    if (member) this.count -= 1;
    delete this.members[id];
    return member;
  }

  /** For the channel alone: forgets everything. */
  reset(): void {
    this.members = bare();
    this.count = 0;
    this.myID = this.me = null;
  }
}

function userIdIn(data: unknown): string {
  return textOf(fieldsOf(data)["user_id"]);
}

/** A copy that inherits nothing: ids are names that users choose. */
function bare<Value>(table?: Record<string, Value>): Record<string, Value> {
  return Object.assign(Object.create(null) as Record<string, Value>, table);
}
