import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ownProperties, parseJson, writeJson } from "./json.ts";

const problem = { id: "malformedMessage", message: "not JSON" } as const;

describe("JSON at the edge", () => {
  test("[FRAME8] any text gives a value or the problem", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const parsed = parseJson(text, problem);
        expect(parsed.ok || parsed.error === problem).toBe(true);
      }),
    );
  });

  test.each([[null], [undefined], [1], ["text"], [true], [[]], [[1]]])("[FRAME8] %j has no properties", (value) => {
    expect(ownProperties(value)).toBeUndefined();
  });

  test("[FRAME8] what an object inherits is not a property, and __proto__ is one like any other", () => {
    const fields = ownProperties(JSON.parse('{"__proto__":{"auth":"stolen"},"constructor":1}'));
    expect(fields?.get("auth")).toBeUndefined();
    expect(fields?.get("toString")).toBeUndefined();
    expect([...(fields?.keys() ?? [])]).toEqual(["__proto__", "constructor"]);
  });

  test.each([
    [1, true],
    [256, true],
    [257, false],
    [200_000, false],
  ])("[FRAME8] [CLIENT9] a value nested %i levels deep is written: %s", (depth, good) => {
    const text = `${'[{"a":'.repeat(depth >> 1)}${depth % 2 === 1 ? "[]" : "1"}${"}]".repeat(depth >> 1)}`;
    const deep = parseJson(text, problem);
    expect(deep.ok && writeJson(deep.value)).toBe(good ? text : undefined);
  });

  test("[CLIENT5] writes any JSON as the engine does", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        expect(writeJson(value)).toBe(JSON.stringify(value));
      }),
    );
  });
});
