import { describe, expect, test } from "vitest";
import { KnownMembers } from "./known-members.ts";

/** As read from Redis: other objects each time. */
function read(infos: Readonly<Record<string, string>>) {
  return Object.entries(infos).map(([userId, userInfo]) => ({ userId, userInfo }));
}

describe("members of a large roster", () => {
  const [large, other] = [JSON.stringify("x".repeat(300_000)), JSON.stringify("y".repeat(300_000))];

  test("are the same objects in the next one, unless they have changed", () => {
    const known = new KnownMembers();
    const [ada, bob] = known.unchanged(read({ ada: large, bob: large }));
    const next = known.unchanged(read({ ada: large, bob: other, cyd: large }));
    expect(next.map(({ userId, userInfo }) => [userId, userInfo])).toEqual([
      ["ada", large],
      ["bob", other],
      ["cyd", large],
    ]);
    expect(next[0]).toBe(ada);
    expect(next[1]).not.toBe(bob);
    expect(known.unchanged(read({ cyd: large }))[0]).toBe(next[2]);
  });

  test("are forgotten with the last subscriber, and not kept of a small one", () => {
    const known = new KnownMembers();
    const [ada] = known.unchanged(read({ ada: large }));
    known.forget();
    expect(known.unchanged(read({ ada: large }))[0]).not.toBe(ada);
    const [small] = known.unchanged(read({ ada: '"small"' }));
    expect(known.unchanged(read({ ada: '"small"' }))[0]).not.toBe(small);
  });
});
