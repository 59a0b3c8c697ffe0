import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Member } from "./presence-data.ts";
import { PresenceRoster } from "./presence-roster.ts";

const ada: Member = { userId: "ada", userInfo: '{"tab":1}' };

describe("presence roster", () => {
  test("[PRES2] reports a new user, and [PRES4] when the last connection leaves", () => {
    const roster = new PresenceRoster();
    expect(roster.join("1.1", ada)).toBe(true);
    expect(roster.join("1.2", ada)).toBe(false);
    expect(roster.leave("1.1", "ada")).toBe(false);
    expect(roster.leave("1.2", "ada")).toBe(true);
    expect(roster.userCount).toBe(0);
  });

  test("[PRES5] shows the info of a user's oldest connection", () => {
    const roster = new PresenceRoster();
    roster.join("1.1", ada);
    roster.join("1.2", { userId: "ada", userInfo: '{"tab":2}' });
    expect(roster.snapshot()).toEqual([ada]);
    roster.leave("1.1", "ada");
    expect(roster.snapshot()).toEqual([{ userId: "ada", userInfo: '{"tab":2}' }]);
  });

  test("[PRES3] a leave of an unknown connection changes nothing", () => {
    const roster = new PresenceRoster();
    roster.join("1.1", ada);
    expect(roster.leave("1.2", "ada")).toBe(false);
    expect(roster.leave("1.1", "bob")).toBe(false);
    expect(roster.userIds()).toEqual(["ada"]);
  });

  test("[PRES2] [PRES4] [PRES5] agrees with a plain list after any joins and leaves", () => {
    const step = fc.record({
      join: fc.boolean(),
      socketId: fc.constantFrom("1.1", "1.2", "1.3", "1.4"),
      userId: fc.constantFrom("__proto__", "constructor", "ada"),
      userInfo: fc.option(fc.json({ maxDepth: 1 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const roster = new PresenceRoster();
        let entries: { readonly socketId: string; readonly member: Member }[] = [];
        const usersOf = (): string[] => [...new Set(entries.map(({ member }) => member.userId))];
        for (const { join, socketId, userId, userInfo } of steps) {
          const before = usersOf().includes(userId);
          const others = entries.filter((entry) => entry.socketId !== socketId || entry.member.userId !== userId);
          const there = others.length < entries.length;
          const joining = { userId, userInfo };
          if (join && there) continue;
          const changed = join ? roster.join(socketId, joining) : roster.leave(socketId, userId);
          entries = join ? [...entries, { socketId, member: joining }] : others;
          expect(changed).toBe(before !== usersOf().includes(userId));
          expect(roster.userCount).toBe(usersOf().length);
          expect(roster.has(userId)).toBe(usersOf().includes(userId));
          expect(new Set(roster.userIds())).toEqual(new Set(usersOf()));
          const first = usersOf().map((id) => entries.find(({ member }) => member.userId === id)?.member);
          expect(new Set(roster.snapshot())).toEqual(new Set(first));
        }
      }),
    );
  });
});
