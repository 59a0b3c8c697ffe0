import { describe, expect, test } from "vitest";
import { Members, type OpenInfo } from "./roster.ts";

const asSent: OpenInfo = (_, info) => info;

const there = (...ids: readonly string[]): object => ({
  presence: { ids, hash: Object.fromEntries(ids.map((id) => [id, { name: id }])), count: ids.length },
});

/** All members, as the callback of `each` sees them. */
function list(members: Members): unknown[] {
  const seen: unknown[] = [];
  members.each((member) => seen.push(member));
  return seen;
}

describe("members", () => {
  test("are those of the snapshot, until the connection is lost", () => {
    const members = new Members();
    members.myID = "a";
    members.onSubscription(there("a", "b"), asSent);
    expect([members.count, members.me, list(members)]).toEqual([
      2,
      { id: "a", info: { name: "a" } },
      [
        { id: "a", info: { name: "a" } },
        { id: "b", info: { name: "b" } },
      ],
    ]);
    members.reset();
    expect([members.count, members.me, members.myID, list(members)]).toEqual([0, null, null, []]);
  });

  test("come, change and go by their id", () => {
    const members = new Members();
    members.onSubscription(there("a"), asSent);
    expect(members.addMember({ user_id: "b", user_info: 1 }, asSent)).toEqual({ id: "b", info: 1 });
    expect(members.addMember({ user_id: "b", user_info: 2 }, asSent)).toEqual({ id: "b", info: 2 });
    expect(members.count).toBe(2);
    expect(members.removeMember({ user_id: "nobody" })).toBeNull();
    expect(members.removeMember({ user_id: "b" })).toEqual({ id: "b", info: 2 });
    expect([members.count, members.get("b")]).toEqual([1, null]);
  });

  test("may have numbers for ids", () => {
    const members = new Members();
    members.myID = 10 as unknown as string;
    members.onSubscription(there("10"), asSent);
    expect(members.me).toEqual({ id: 10, info: { name: "10" } });
    expect(members.get(10 as unknown as string)).toEqual({ id: 10, info: { name: "10" } });
  });

  test("may have the names of what objects inherit", () => {
    const members = new Members();
    expect(members.get("constructor")).toBeNull();
    members.onSubscription(JSON.parse('{"presence":{"hash":{"__proto__":{"x":1},"constructor":2}}}'), asSent);
    expect(members.get("__proto__")).toEqual({ id: "__proto__", info: { x: 1 } });
    members.addMember({ user_id: "toString", user_info: 3 }, asSent);
    expect(members.count).toBe(3);
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  test.each([[undefined], [null], [7], ["text"], [{}], [{ presence: null }], [{ presence: { hash: null } }], [[]]])(
    "survive a snapshot of %j",
    (data) => {
      const members = new Members();
      members.onSubscription(data, asSent);
      members.addMember(data, asSent);
      members.removeMember(data);
      expect(members.count).toBeGreaterThanOrEqual(0);
    },
  );
});
