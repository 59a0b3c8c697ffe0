import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parameter, parseQuery } from "./query.ts";

describe("query", () => {
  test.each<[title: string, raw: string, parameters: [string, string][]]>([
    ["nothing", "", []],
    ["one pair", "a=1", [["a", "1"]]],
    [
      "[HTTP11] values decoded",
      "a=%C3%A9%2Cx&b=1%2B1",
      [
        ["a", "é,x"],
        ["b", "1+1"],
      ],
    ],
    ["[HTTP11] plus is a space", "a=b+c", [["a", "b c"]]],
    [
      "[HTTP11] names decoded",
      "channels%5B%5D=a&channels[]=b",
      [
        ["channels[]", "a"],
        ["channels[]", "b"],
      ],
    ],
    ["equals signs in a value", "a=b=c==", [["a", "b=c=="]]],
    [
      "no equals sign",
      "a&b=",
      [
        ["a", ""],
        ["b", ""],
      ],
    ],
    ["no name", "=x", [["", "x"]]],
    ["empty pairs", "&&a=1&", [["a", "1"]]],
    [
      "a broken escape stays",
      "a=%&b=%ZZ&c=%ff",
      [
        ["a", "%"],
        ["b", "%ZZ"],
        ["c", "%ff"],
      ],
    ],
    [
      "[FRAME8] names of object members",
      "__proto__=1&constructor=2",
      [
        ["__proto__", "1"],
        ["constructor", "2"],
      ],
    ],
  ])("%s", (_, raw, parameters) => {
    expect(parseQuery(raw)).toEqual(parameters);
  });

  test("reads what URLSearchParams writes", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }))), (pairs) => {
        expect(parseQuery(new URLSearchParams(pairs).toString())).toEqual(pairs);
      }),
    );
  });

  test("never throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("%", "a", "+", "&", "=", "F", "é", "\ud800") }), (raw) => {
        expect(Array.isArray(parseQuery(raw))).toBe(true);
      }),
    );
  });

  test("the last value of a parameter counts", () => {
    const query = parseQuery("a=1&b=2&a=3");
    expect(parameter(query, "a")).toBe("3");
    expect(parameter(query, "b")).toBe("2");
    expect(parameter(query, "toString")).toBeUndefined();
  });
});
