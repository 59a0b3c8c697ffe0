import { fieldsOf, textOf } from "../untrusted.ts";

/** A member of a presence channel. */
export interface Member<Info = unknown> {
  readonly id: string;
  /** What the application's server says about this member. */
  readonly info: Info;
}

/** Returns the info of a member from what the server sent. */
export type OpenInfo = (userId: string, info: unknown) => unknown;

/** The members of a presence channel, one per user. Ids are compared as text. */
export class Members<Info = unknown> {
  /** User id → info. */
  members: Record<string, Info> = bare();
  /** Number of members. */
  count = 0;
  /** Id of this client's user. */
  myID: string | null = null;
  /** This client's user. */
  me: Member<Info> | null = null;

  /** Returns the member with this id, or null. */
  get(id: string): Member<Info> | null {
    return id in this.members ? { id, info: this.members[id] as Info } : null;
  }

  /** Calls `callback` for each member. */
  each(callback: (member: Member<Info>) => void): void {
    for (const [id, info] of Object.entries(this.members)) callback({ id, info });
  }

  /** For the channel only: takes the list that a new subscriber receives. */
  onSubscription(data: unknown, openInfo: OpenInfo): void {
    const infos = fieldsOf(fieldsOf(fieldsOf(data)["presence"])["hash"]);
    this.members = bare();
    for (const [id, info] of Object.entries(infos)) this.members[id] = openInfo(id, info) as Info;
    this.count = Object.keys(this.members).length;
    this.me = this.myID === null ? null : this.get(this.myID);
  }

  /** For the channel only: adds a member, or changes the info of a member. */
  addMember(data: unknown, openInfo: OpenInfo): Member<Info> | null {
    const id = userIdOf(data);
    if (!(id in this.members)) this.count += 1;
    this.members[id] = openInfo(id, fieldsOf(data)["user_info"]) as Info;
    return this.get(id);
  }

  /** For the channel only: removes a member. Returns null if there is no such member. */
  removeMember(data: unknown): Member<Info> | null {
    const id = userIdOf(data);
    const member = this.get(id);
    if (member) this.count -= 1;
    delete this.members[id];
    return member;
  }

  /** For the channel only: forgets everything. */
  reset(): void {
    this.members = bare();
    this.count = 0;
    this.myID = this.me = null;
  }
}

function userIdOf(data: unknown): string {
  return textOf(fieldsOf(data)["user_id"]);
}

/** An empty table without a prototype: users choose the ids. */
function bare<Value>(): Record<string, Value> {
  return Object.create(null) as Record<string, Value>;
}
