import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ownProperties, parseJson } from "./json.ts";

const problem = { id: "malformedMessage", message: "not JSON" } as const;

describe("JSON at the edge", () => {
  test("[FRAME8] returns a value or the problem for any text", () => {
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

  test("[FRAME8] inherited fields are not properties; __proto__ is a property like any other", () => {
    const fields = ownProperties(JSON.parse('{"__proto__":{"auth":"stolen"},"constructor":1}'));
    expect(fields?.get("auth")).toBeUndefined();
    expect(fields?.get("toString")).toBeUndefined();
    expect([...(fields?.keys() ?? [])]).toEqual(["__proto__", "constructor"]);
  });

  test.each<[title: string, open: string, inner: string, close: string]>([
    ["arrays", "[", "1", "]"],
    ["objects", '{"a":', "1", "}"],
    ["both, with brackets in strings between", '["]}\\"]",{"]\\\\":', '"[{"', "}]"],
  ])("[FRAME8] nested %s are parsed up to 512 levels deep", (_, open, inner, close) => {
    const levels = open.length > 5 ? 2 : 1;
    const nested = (depth: number): string => open.repeat(depth / levels) + inner + close.repeat(depth / levels);
    expect(parseJson(nested(512), problem)).toEqual({ ok: true, value: JSON.parse(nested(512)) as unknown });
    expect(parseJson(nested(514), problem)).toEqual({ ok: false, error: problem });
    expect(parseJson(nested(1_000_000), problem)).toEqual({ ok: false, error: problem });
  });

  test("[FRAME8] many brackets side by side, and in strings, do not count as depth", () => {
    const text = JSON.stringify([Array.from({ length: 2_000 }, () => [{}]), "[{".repeat(2_000), '\\"[{'.repeat(2_000)]);
    expect(parseJson(text, problem).ok).toBe(true);
  });
});
