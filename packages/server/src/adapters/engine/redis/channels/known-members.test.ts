import type { SocketId } from "@sealcast/protocol";
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
    const [ada, bob] = known.reuse(read({ ada: large, bob: large }));
    const next = known.reuse(read({ ada: large, bob: other, cyd: large }));
    expect(next.map(({ userId, userInfo }) => [userId, userInfo])).toEqual([
      ["ada", large],
      ["bob", other],
      ["cyd", large],
    ]);
    expect(next[0]).toBe(ada);
    expect(next[1]).not.toBe(bob);
    expect(known.reuse(read({ cyd: large }))[0]).toBe(next[2]);
  });

  test("are forgotten with the last subscriber, and not kept of a small one", () => {
    const known = new KnownMembers();
    const [ada] = known.reuse(read({ ada: large }));
    known.forget();
    expect(known.reuse(read({ ada: large }))[0]).not.toBe(ada);
    const [small] = known.reuse(read({ ada: '"small"' }));
    expect(known.reuse(read({ ada: '"small"' }))[0]).not.toBe(small);
  });
});

describe("a subscriber whose arrival was not announced", () => {
  const [first, second] = ["1.1" as SocketId, "1.2" as SocketId];
  const [bob, both] = [read({ bob: "1" }), read({ bob: "1", ada: "2" })];
  const [, ada] = both;

  test("is not informed of itself; the others are", () => {
    const known = new KnownMembers();
    known.begin(bob, "bob", first);
    expect(known.begin(both, "ada", second)).toEqual({ removed: [], added: [] });
    expect(known.replace(both)).toEqual({ removed: [], added: [{ member: ada, except: second }] });
    expect(known.change("added", "ada")).toBe(false);
  });

  test("is announced when another connection of the user gets a roster, or somebody else", () => {
    for (const joining of ["ada", "cyd"]) {
      const known = new KnownMembers();
      known.begin(bob, "bob", first);
      known.begin(both, "ada", second);
      expect(known.begin(both, joining, "1.3" as SocketId).added).toEqual([{ member: ada, except: second }]);
    }
  });

  test("is informed of itself if it has left and come back meanwhile", () => {
    const known = new KnownMembers();
    known.begin(bob, "bob", first);
    known.begin(both, "ada", second);
    known.change("added", "ada");
    known.replace(bob);
    expect(known.replace(both).added).toEqual([{ member: ada, except: undefined }]);
  });
});
