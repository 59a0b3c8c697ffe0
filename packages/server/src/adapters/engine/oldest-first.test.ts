import { array, assert, constantFrom, property, tuple } from "fast-check";
import { describe, expect, it, test } from "vitest";
import { OldestFirst } from "./oldest-first.ts";

/** All keys from the oldest to the newest. Empties the map. */
function inOrder(map: OldestFirst<string, number>): string[] {
  const keys: string[] = [];
  for (let oldest = map.oldest; oldest !== undefined; oldest = map.oldest) {
    keys.push(oldest.key);
    map.delete(oldest.key);
  }
  return keys;
}

describe("a map that knows its oldest entry", () => {
  it("keeps entries in the order in which they were added or renewed", () => {
    const map = new OldestFirst<string, number>();
    for (const [index, key] of ["a", "b", "c", "d"].entries()) map.add(key, index);
    map.renew("a");
    map.renew("unknown");
    map.delete("c");
    map.add("b", 7);
    expect([map.size, map.get("b"), map.get("c"), map.oldest]).toMatchObject([3, 7, undefined, { key: "d", value: 3 }]);
    expect(inOrder(map)).toEqual(["d", "a", "b"]);
    expect([map.size, map.oldest]).toEqual([0, undefined]);
  });

  test("holds the same as a Map whose entries move to its end", () => {
    const keys = constantFrom("a", "b", "c", "d", "e");
    const steps = array(tuple(constantFrom("add", "renew", "delete"), keys));
    assert(
      property(steps, (all) => {
        const map = new OldestFirst<string, number>();
        const model = new Map<string, number>();
        for (const [index, [step, key]] of all.entries()) {
          const value = step === "add" ? index : model.get(key);
          model.delete(key);
          if (step !== "delete" && value !== undefined) model.set(key, value);
          if (step === "add") map.add(key, index);
          else if (step === "renew") map.renew(key);
          else map.delete(key);
        }
        expect(new Map(Array.from(map.keys(), (key) => [key, map.get(key)]))).toEqual(model);
        expect(inOrder(map)).toEqual([...model.keys()]);
      }),
    );
  });
});
