import { array, assert, constantFrom, property, string, tuple } from "fast-check";
import { expect, test } from "vitest";
import { ShardedMap } from "./sharded-map.ts";

test("a map in parts holds the same as a Map", () => {
  const steps = array(tuple(constantFrom("set", "delete"), string({ maxLength: 2 })));
  assert(
    property(steps, (all) => {
      const map = new ShardedMap<number>();
      const model = new Map<string, number>();
      for (const [index, [step, key]] of all.entries()) {
        const [done, expected] =
          step === "set" ? [map.set(key, index), void model.set(key, index)] : [map.delete(key), model.delete(key)];
        expect([done, map.size, map.get(key)]).toEqual([expected, model.size, model.get(key)]);
      }
      expect(new Map(Array.from(map.keys(), (key) => [key, map.get(key)]))).toEqual(model);
    }),
  );
});
