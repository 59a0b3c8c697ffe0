import { describe, expect, test } from "vitest";
import { fail, ok, quote } from "./parsed.ts";

describe("answers of parsers", () => {
  test("wrap a value or a problem", () => {
    expect(ok(7)).toEqual({ ok: true, value: 7 });
    expect(fail("malformedMessage", "why")).toEqual({ ok: false, error: { id: "malformedMessage", message: "why" } });
  });

  test.each([
    ["a", '"a"'],
    ['"\n\u001b[31m', '"\\"\\n\\u001b[31m"'],
    ["x".repeat(60), `"${"x".repeat(60)}"`],
    ["x".repeat(61), `"${"x".repeat(60)}"… (61 characters)`],
    [`${"x".repeat(59)}😀`, `"${"x".repeat(59)}😀"`],
    [undefined, "nothing"],
    [null, "null"],
    [7, "a number"],
    [true, "a boolean"],
    [[], "an array"],
    [{}, "an object"],
    ["😀".repeat(60), `"${"😀".repeat(60)}"`],
    ["😀".repeat(201), `"${"😀".repeat(60)}"… (201 characters)`],
  ])("[ERR2] quotes %j as %s", (value, shown) => {
    expect(quote(value)).toBe(shown);
  });
});
