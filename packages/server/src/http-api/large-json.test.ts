import type { Problem } from "@sealcast/protocol";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { oneTurn } from "../core/turns.ts";
import { parseLargeJson } from "./large-json.ts";

const notJson: Problem = { id: "invalidParameter", message: "Invalid body: it must be JSON" };
const long = 20_000;

function parse(text: string): ReturnType<typeof parseLargeJson> {
  return parseLargeJson(text, oneTurn, notJson);
}

describe("a large JSON text", () => {
  test.each([
    ["letters", "x".repeat(long)],
    ["quotation marks", '"'.repeat(long)],
    ["backslashes", "\\".repeat(long)],
    ["control characters", "\u0001".repeat(long)],
    ["other alphabets", "漢字🎈".repeat(long)],
    ["text that is JSON", JSON.stringify({ "a,]}": "[".repeat(long) })],
  ])("keeps long strings of %s", async (_, text) => {
    const value = { batch: [{ name: "e", data: text }, { data: "short" }, text], other: { deep: [[text]] } };
    expect(await parse(JSON.stringify(value))).toEqual({ ok: true, value });
  });

  test("is parsed as JSON.parse does it", async () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom('"', "\\", '\\"', "\u0000", "é").map((unit) => unit.repeat(long)),
    );
    const value = fc.oneof(
      fc.jsonValue(),
      fc.array(fc.record({ name: text, data: text, __proto__: fc.constant(null) }), { maxLength: 4 }),
    );
    await fc.assert(
      fc.asyncProperty(value, fc.constantFrom(undefined, 2), async (one, indent) => {
        const json = JSON.stringify(one, undefined, indent);
        expect(await parse(json)).toEqual({ ok: true, value: JSON.parse(json) as unknown });
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    ["what is no JSON", `{"data":"${"x".repeat(long)}",}`],
    ["a string without an end", `{"data":"${"x".repeat(long)}`],
    ["a line break in a long string", `{"data":"${"x".repeat(long)}\n"}`],
    ["an escape that JSON does not have", `{"data":"${"x".repeat(long)}\\x"}`],
  ])("refuses %s", async (_, text) => {
    expect(await parse(text)).toEqual({ ok: false, error: notJson });
  });

  test("refuses more than a megabyte besides long strings", async () => {
    const result = await parse(`{"batch":[],"other":[${"[],".repeat(400_000)}1]}`);
    expect(result).toMatchObject({ ok: false, error: { id: "bodyTooLarge" } });
  });
});
